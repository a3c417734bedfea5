import { assert, assertEquals, assertRejects } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { DataError } from "../errors.ts";
import { readCsv } from "./csv.ts";
import { gzip } from "./gzip.ts";
import { readIdx } from "./idx.ts";
import { readNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";
import { openBytes } from "./byte_source.ts";

async function readFile(path: string): Promise<Uint8Array> {
  using source = await openBytes(path);
  return await source.read(0, await source.lengthUpTo(Infinity));
}

const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9);

Deno.test("files of any length are read whole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "bytes");
    for (const length of [0, 1, 3_000_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
      await Deno.writeFile(path, bytes);
      const read = await readFile(path);
      // Without a difference that is shown, millions of bytes are compared quickly.
      assert(read.length === length && read.every((byte, i) => byte === bytes[i]), `${length}`);
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

Deno.test("files that a user chose, responses and files of the browser are read by all readers", async () => {
  const csv = new File(["\ufeffa,b\n1,2\n"], "table.csv");
  assertEquals((await readCsv(csv)).columns, ["a", "b"]);
  const handle = {
    name: "a.idx",
    getFile: () => Promise.resolve(new Blob([idx])),
    createWritable: () => Promise.reject(),
  };
  for (const file of [handle, new Blob([await gzip(idx)]), new Response(idx)]) {
    assertEquals([...(await readIdx(file)).values], [7, 8, 9]);
  }
  await assertRejects(() => readNpy(new File(["none"], "a.npy")), DataError, "Cannot read a.npy: expected");
  await assertRejects(() => readNpz(new Blob()), DataError, "Cannot read the blob: expected");
  const missing = new Response("", { status: 404, statusText: "Not Found" });
  await assertRejects(() => readCsv(missing), DataError, "Cannot read the response: the server answered 404 Not Found");
  await assertRejects(() => readCsv("https://example.org/a.csv"), TypeError, "pass await fetch(…) instead");
});

Deno.test("no more of a response is received than is read", async () => {
  let pulls = 0;
  const pull = (controller: ReadableStreamDefaultController): void => {
    pulls++;
    controller.enqueue(Uint8Array.of(1, 2, 3, 4));
  };
  using source = await openBytes(new Response(new ReadableStream({ pull }, { highWaterMark: 0 })));
  assertEquals(await source.read(1, 3), Uint8Array.of(2, 3, 4));
  assertEquals(pulls, 1);
  assertEquals(await source.read(2, 3), Uint8Array.of(3, 4, 1));
  assertEquals(pulls, 2);
});

Deno.test("behind the end of a file there are no bytes", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, idx);
  for (const file of [path, new Blob([idx]), new Response(idx)]) {
    using source = await openBytes(file);
    assertEquals([...await source.read(9, 5)], [8, 9]);
    for (const at of [11, 30]) assertEquals([...await source.read(at, 5)], []);
  }
  await Deno.remove(path);
});

Deno.test("a file: URL is a path, as an address or as text", async () => {
  const folder = await Deno.makeTempDir({ prefix: "odd place äö 100% " });
  try {
    const url = toFileUrl(join(folder, "a.idx"));
    await Deno.writeFile(url, idx);
    for (const file of [url, url.href, join(folder, "a.idx")]) {
      assertEquals([...(await readIdx(file)).values], [7, 8, 9]);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
