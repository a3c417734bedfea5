import { assert, assertEquals, assertRejects } from "@std/assert";
import process from "node:process";
import { constants, gunzipSync, inflateRawSync } from "node:zlib";
import { firstBytes, inflate, OverflowError, type Wrapping } from "./inflate.ts";

/** Bytes that deflate cannot shorten much, so that they come in many pieces. */
const content = Uint8Array.from({ length: 80_001 }, (_, i) => Math.abs(Math.sin(i) * 1e6) & 255);

/** Compares long arrays quickly. */
function assertSame(actual: Uint8Array, expected: Uint8Array, message?: string): void {
  assert(actual.length === expected.length && actual.every((byte, i) => byte === expected[i]), message);
}

async function packedAs(wrapping: Wrapping, bytes = content): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream(wrapping));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Runs a test twice: as it is, and as in browsers, which have no modules of Node. */
function testOnHosts(name: string, body: (host: "zlib" | "browser") => Promise<void>): void {
  Deno.test(`${name}, with zlib`, () => body("zlib"));
  Deno.test(`${name}, in browsers`, async () => {
    const { getBuiltinModule } = process;
    Object.assign(process, { getBuiltinModule: () => undefined });
    try {
      await body("browser");
    } finally {
      Object.assign(process, { getBuiltinModule });
    }
  });
}

testOnHosts("the first bytes of a stream are those of its content", async (host) => {
  for (const wrapping of ["gzip", "deflate", "deflate-raw"] as const) {
    const packed = await packedAs(wrapping);
    for (const count of [0, 1, 4095, 70_000, 80_000, 80_001]) {
      assertSame(await firstBytes(packed, wrapping, count), content.slice(0, count), `${wrapping} ${count}`);
    }
    assertSame(await firstBytes(packed, wrapping, 80_002), content);
    // Only the beginning of the stream is there, which is enough.
    assertSame(await firstBytes(packed.slice(0, 40_000), wrapping, 1000), content.slice(0, 1000));
    // Deno's streams accept a stream that is cut short, those of browsers do not.
    if (host === "zlib") await assertRejects(() => firstBytes(packed.slice(0, 40_000), wrapping, 80_001));
  }
});

testOnHosts("as many first bytes as a stream that is cut short holds are read", async () => {
  const cut = (await packedAs("gzip")).slice(0, 40_000);
  const { length } = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH });
  assertSame(await firstBytes(cut, "gzip", length), content.slice(0, length));
});

testOnHosts("a stream is unpacked up to the most bytes that it may have", async (host) => {
  for (const wrapping of ["gzip", "deflate", "deflate-raw"] as const) {
    const packed = await packedAs(wrapping);
    assertSame(await inflate(packed, wrapping, { most: 80_001, name: "a" }), content);
    assertSame(await inflate(packed, wrapping, { most: 90_000, name: "a" }), content);
    const error = await assertRejects(() => inflate(packed, wrapping, { most: 80_000, name: "a" }), OverflowError);
    assertEquals(error.message, "expected at most 80000 bytes, got more");
    if (host === "zlib") {
      await assertRejects(() => inflate(packed.slice(0, 60_000), wrapping, { most: 80_001, name: "a" }));
    }
  }
  assertEquals(
    await inflate(await packedAs("gzip", new Uint8Array()), "gzip", { most: 0, name: "a" }),
    new Uint8Array(),
  );
});

Deno.test("a stream of a few bytes is damaged", async () => {
  for (let length = 0; length < 6; length++) {
    const packed = new Uint8Array(length).fill(7);
    const error = await assertRejects(() => inflate(packed, "gzip", { most: 10, name: "a" }), Error);
    assert(!(error instanceof RangeError || error instanceof OverflowError), String(error));
  }
});

testOnHosts("the first bytes of a stream may need its last byte, and need not be all", async () => {
  // Bytes without any order, which are stored as they are; a piece of 4096 bytes is unpacked first.
  let state = 1;
  const noise = Uint8Array.from({ length: 9000 }, () => (state = Math.imul(state, 1664525) + 1013904223 | 0) >>> 24);
  const part = (await packedAs("deflate-raw", noise)).slice(0, 4097);
  const { length } = inflateRawSync(part, { finishFlush: constants.Z_SYNC_FLUSH });
  assert(length > 4000);
  assertSame(await firstBytes(part, "deflate-raw", length), noise.slice(0, length));
});

Deno.test("a consumer that stops early ends the stream, in browsers", async () => {
  const { getBuiltinModule } = process;
  const { DecompressionStream } = globalThis;
  let cancelled = 0;
  /** Endless zeros instead of the content of a stream. */
  class EndlessStream {
    readonly writable = new WritableStream();
    readonly readable = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => void cancelled++,
    });
  }
  Object.assign(process, { getBuiltinModule: () => undefined });
  Object.assign(globalThis, { DecompressionStream: EndlessStream });
  try {
    assertEquals(await firstBytes(Uint8Array.of(1, 2), "gzip", 25), new Uint8Array(25));
    assertEquals(cancelled, 1);
    await assertRejects(() => inflate(Uint8Array.of(1, 2), "gzip", { most: 25, name: "a" }), OverflowError);
    assertEquals(cancelled, 2);
  } finally {
    Object.assign(process, { getBuiltinModule });
    Object.assign(globalThis, { DecompressionStream });
  }
});
