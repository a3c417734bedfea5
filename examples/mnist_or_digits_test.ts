import { assertEquals, assertStringIncludes } from "@std/assert";
import { mnistOrDigits } from "./mnist_or_digits.ts";

Deno.test("synthetic digits are used on request", async () => {
  const sets = await mnistOrDigits("digits");
  assertEquals(sets.map(({ length }) => length), [2000, 500, 500]);
});

Deno.test("without cache and network, synthetic digits replace MNIST, with a message", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const module = import.meta.resolve("./mnist_or_digits.ts");
    const code = `const { mnistOrDigits } = await import("${module}"); console.log((await mnistOrDigits())[0].length);`;
    const command = new Deno.Command(Deno.execPath(), {
      args: ["eval", code],
      // Nothing listens on port 9.
      env: { ...emptyCache(folder), HTTPS_PROXY: "http://127.0.0.1:9", NO_COLOR: "1" },
    });
    const { stdout, stderr } = await command.output();
    const text = new TextDecoder();
    assertEquals(text.decode(stdout), "2000\n");
    assertStringIncludes(text.decode(stderr), "BUILT-IN SYNTHETIC DIGITS, NOT MNIST");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Environment variables that move the cache to this folder, on every system. */
function emptyCache(folder: string): Record<string, string> {
  return { XDG_CACHE_HOME: folder, LOCALAPPDATA: folder };
}
