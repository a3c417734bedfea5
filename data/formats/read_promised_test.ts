import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DataError } from "../errors.ts";
import { memorySource } from "./byte_source.ts";
import { gzip } from "./gzip.ts";
import { idxFormat, readIdx } from "./idx.ts";
import { readNpy } from "./npy.ts";
import { readPromised } from "./read_promised.ts";
import { openNpy } from "./npy_source.ts";
import { headerOf, npy } from "./test_npy.ts";
import { cpuTime } from "../../tests/cpu_time.ts";

const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9);

/** Calls a function with the path of a file of this length, of which only the first bytes are on disk. */
async function withSparse(
  bytes: Uint8Array,
  length: number,
  use: (path: string) => Promise<unknown>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "sparse");
    await Deno.writeFile(path, bytes);
    await Deno.truncate(path, length);
    await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Fails if a task takes longer than a second. */
async function quickly(task: () => Promise<unknown>): Promise<void> {
  const begin = cpuTime();
  await task();
  assert(cpuTime() - begin < 1000, `${cpuTime() - begin} ms`);
}

Deno.test("a gzip stream that unpacks to more than its header promises is refused before it is unpacked", async () => {
  const long = new Uint8Array(2 ** 28);
  long.set(idx);
  const bomb = await gzip(long);
  await quickly(() =>
    assertRejects(
      () => readIdx(new File([bomb], "bomb.gz")),
      DataError,
      "Cannot unpack bomb.gz: expected at most 11 bytes, got more; it has more than its header promises",
    )
  );
});

/** A gzip stream whose header has an extra field, a name, a comment, and a checksum. */
async function withHeaderFields(
  content: Uint8Array<ArrayBuffer>,
  { extra = 0, name = 0, comment = 0 }: { readonly extra?: number; readonly name?: number; readonly comment?: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const packed = await gzip(content);
  const fixed = packed.slice(0, 10);
  fixed[3] = 4 + 8 + 16;
  const text = (length: number) => [new Uint8Array(length).fill(0x61), Uint8Array.of(0)];
  const parts = [
    ...[fixed, Uint8Array.of(extra & 0xff, extra >> 8), new Uint8Array(extra)],
    ...[...text(name), ...text(comment), packed.slice(10)],
  ];
  return await new Blob(parts).bytes();
}

Deno.test("gzip headers with long fields are read, and only those beyond a limit are refused", async () => {
  for (const fields of [{ extra: 0xffff }, { name: 65_530 }, { extra: 0xffff, name: 60_000, comment: 60_000 }, {}]) {
    const bytes = await withHeaderFields(idx, fields);
    for (const file of [new File([bytes], "a.gz"), new Response(bytes)]) {
      assertEquals((await readIdx(file)).values, Uint8Array.of(7, 8, 9));
    }
  }
  const beyond = new File([await withHeaderFields(idx, { extra: 100, name: 2 ** 20, comment: 2 ** 17 })], "a.gz");
  await assertRejects(() => readIdx(beyond), DataError, "expected a gzip header of at most 1048576 bytes");
  const cut = (await withHeaderFields(idx, { extra: 5000 })).slice(0, 4000);
  await assertRejects(() => readIdx(new File([cut], "a.gz")), DataError, "longer or cut short");
  const long = new Uint8Array(2 ** 28);
  long.set([0, 0, 8, 1, 0xff]);
  const bomb = new File([await withHeaderFields(long, { extra: 0xffff, name: 60_000 })], "a.gz");
  await quickly(() => assertRejects(() => readIdx(bomb), DataError, "raise the option `limitBytes`"));
});

Deno.test("a gzip stream that is too short or too long for its promise is refused before it is unpacked", async () => {
  const promising = new Uint8Array(10_000_000);
  promising.set([0, 0, 8, 1, 0x3f, 0, 0, 0]);
  const short = new File([await gzip(promising)], "a.gz");
  await quickly(() => assertRejects(() => readIdx(short), DataError, "it is cut short"));
  const noise = crypto.getRandomValues(new Uint8Array(60_000));
  await withSparse(
    await gzip(Uint8Array.of(...idx, ...noise, ...noise)),
    2 ** 40,
    (path) =>
      quickly(() => assertRejects(() => readIdx(path), DataError, "it has more bytes than its header promises")),
  );
});

Deno.test("a sparse file is refused by its header, before it is read", async () => {
  await withSparse(
    idx,
    2 ** 40,
    (path) =>
      quickly(() =>
        assertRejects(() => readIdx(path), DataError, "expected 11 bytes for shape [3], got 1099511627776")
      ),
  );
  await withSparse(
    npy(headerOf("|u1", "(3,)"), [1, 2, 3]),
    2 ** 40,
    (path) => quickly(() => assertRejects(() => readNpy(path), DataError, "for shape [3], got 1099511627776")),
  );
  await withSparse(
    new Uint8Array(1),
    2 ** 40,
    (path) => quickly(() => assertRejects(() => readNpy(path), DataError, "expected an NPY file")),
  );
});

Deno.test("a header of gigabytes is refused before it is read", async () => {
  const wide = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 2, 0, 0, 0, 0, 0x80, 0x7b);
  await withSparse(wide, 2 ** 32, async (path) => {
    const message = "expected a header of at most 1048576 bytes, got 2147483660";
    await quickly(() => assertRejects(() => readNpy(path), DataError, message));
    await quickly(() => Promise.resolve(assertThrows(() => openNpy(path), DataError, message)));
  });
});

Deno.test("more memory than the machine has is an error that names the file", async () => {
  const promising = Uint8Array.of(0, 0, 8, 2, 0, 0, 8, 0, 0xff, 0xff, 0xff, 0xff);
  await withSparse(
    promising,
    12 + 2 ** 11 * (2 ** 32 - 1),
    (path) => assertRejects(() => readIdx(path), DataError, `Cannot read ${path}: expected memory for`),
  );
});

Deno.test("the option limitBytes bounds what a header may promise", async () => {
  const file = new File([await gzip(idx)], "a.gz");
  assertEquals((await readIdx(file, { limitBytes: 11 })).shape, [3]);
  await assertRejects(
    () => readIdx(file, { limitBytes: 10 }),
    DataError,
    "Cannot read a.gz: expected at most 10 bytes, got a header that promises 11; if you trust the file, raise the option",
  );
  const array = new File([npy(headerOf("|u1", "(3,)"), [1, 2, 3])], "a.npy");
  await assertRejects(() => readNpy(array, { limitBytes: 20 }), DataError, "raise the option `limitBytes`");
  await assertRejects(
    () => readIdx(file, { limitBytes: 0 }),
    RangeError,
    "limitBytes to be a whole number of at least 1",
  );
});

Deno.test("a response is received up to the length that its header promises", async () => {
  const endless = (start: Uint8Array<ArrayBuffer>) => {
    const sent = { bytes: 0 };
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        const chunk = sent.bytes === 0 ? start : new Uint8Array(1000);
        sent.bytes += chunk.length;
        controller.enqueue(chunk);
      },
    });
    return { response: new Response(body), sent };
  };
  for (const start of [idx, npy(headerOf("|u1", "(3,)"), [1, 2, 3])]) {
    const { response, sent } = endless(start);
    await assertRejects(() => start === idx ? readIdx(response) : readNpy(response), DataError, "bytes follow its end");
    assert(sent.bytes < 10_000, `${sent.bytes}`);
  }
  const parts = [idx.subarray(0, 2), idx.subarray(2, 9), idx.subarray(9)];
  const whole = new Response(ReadableStream.from(parts));
  assertEquals([...(await readIdx(whole)).values], [7, 8, 9]);
  await assertRejects(() => readIdx(new Response(idx.subarray(0, 10))), DataError, "it is cut short");
});

Deno.test("a stream returns its memory as soon as it is unpacked", async () => {
  const memory = memorySource(await gzip(idx), "packed");
  const read: Uint8Array[] = [];
  const source = {
    ...memory,
    read: async (position: number, count: number, use?: "brief") => {
      const bytes = await memory.read(position, count, use);
      read.push(bytes);
      return bytes;
    },
  };
  assertEquals(await readPromised(source, idxFormat), idx);
  assertEquals(read.at(-1)?.buffer.byteLength, 0);
});
