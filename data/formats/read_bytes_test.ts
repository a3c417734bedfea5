import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readFile } from "./read_bytes.ts";

Deno.test("files of any length are read whole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "bytes");
    for (const length of [0, 1, 3_000_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
      await Deno.writeFile(path, bytes);
      assertEquals(await readFile(path), bytes);
    }
    await assertRejects(() => readFile(join(folder, "nothing")), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("files that do not report their length are read, too", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  assert(new TextDecoder().decode(await readFile("/proc/self/status")).includes("VmRSS"));
});
