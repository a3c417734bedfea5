import { assert, assertEquals, assertRejects } from "@std/assert";
import { memorySource } from "../formats/byte_source.ts";
import { DataError } from "../errors.ts";
import { LibraryError } from "../libraries/load_library.ts";
import { decodeAll, type Decoding, type ImageFile } from "./decode_all.ts";
import { headerChunk, pixelChunk, pngOf } from "./test_png.ts";

Deno.test("many large pictures are decoded in several runs, and broken ones are left out of theirs", async () => {
  const fileOf = (bytes: Uint8Array, i: number): ImageFile => (
    { name: `${i}`, open: () => Promise.resolve(memorySource(bytes, `${i}`)) }
  );
  // Three pictures of this size are decoded at a time.
  const side = 1600;
  const gray = (level: number): Uint8Array => {
    const rows = new Uint8Array(side * (side + 1)).fill(level);
    for (let row = 0; row < side; row++) rows[row * (side + 1)] = 0;
    return pngOf([headerChunk({ width: side, height: side, depth: 8, color: 0 }), pixelChunk(rows)]);
  };
  const bytes = [gray(10), Uint8Array.of(1), gray(30), Uint8Array.of(2), gray(50), gray(60), gray(70)];
  const found: number[][] = [];
  const broken: string[] = [];
  const settings = { size: [side, side], channels: 1, fit: "stretch", background: "white" } as const;
  const decoding = { settings, limitPixels: 1e7, onBroken: ({ name }: ImageFile) => broken.push(name) };
  await decodeAll(bytes.map(fileOf), decoding, (levels, positions) => {
    const pixels = side * side;
    assertEquals(levels.length, positions.length * pixels);
    assert(levels.buffer.byteLength <= 3 * pixels);
    positions.forEach((position, i) => found.push([position, levels[i * pixels], levels[(i + 1) * pixels - 1]]));
  });
  assertEquals(found, [[0, 10, 10], [2, 30, 30], [4, 50, 50], [5, 60, 60], [6, 70, 70]]);
  assertEquals(broken, ["1", "3"]);
});

Deno.test("a signal ends reading before the pictures that were not begun", async () => {
  const bytes = pngOf([headerChunk({ width: 1, height: 1, depth: 8, color: 0 }), pixelChunk(Uint8Array.of(0, 7))]);
  let opened = 0;
  const files = Array.from({ length: 20 }, (_, i): ImageFile => ({
    name: `${i}`,
    open: () => {
      opened++;
      return Promise.resolve(memorySource(bytes, `${i}`));
    },
  }));
  const stop = new AbortController();
  const settings = { size: [1, 1], channels: 1, fit: "stretch", background: "white" } as const;
  const decoding = { settings, limitPixels: 1e7, signal: stop.signal, onProgress: () => stop.abort() };
  let isPassedOn = false;
  await assertRejects(() => decodeAll(files, decoding, () => void (isPassedOn = true)), DOMException, "aborted");
  assert(!isPassedOn && opened < 20, `${opened} pictures were opened`);
});

const pixel = pngOf([headerChunk({ width: 1, height: 1, depth: 8, color: 0 }), pixelChunk(Uint8Array.of(0, 7))]);
const one: Decoding = {
  settings: { size: [1, 1], channels: 1, fit: "stretch", background: "white" },
  limitPixels: 1e7,
};

/** Pictures of one pixel, some of which throw when they are opened, and which of them were opened. */
function filesThat(errors: Readonly<Record<number, unknown>>): { files: ImageFile[]; opened: number[] } {
  const opened: number[] = [];
  const files = Array.from({ length: 20 }, (_, i): ImageFile => ({
    name: `${i}`,
    open: () => {
      opened.push(i);
      return i in errors ? Promise.reject(errors[i]) : Promise.resolve(memorySource(pixel, `${i}`));
    },
  }));
  return { files, opened };
}

const ignore = (): void => {};

Deno.test("no picture is begun after one that cannot be read, and the first one in order is named", async () => {
  const { files, opened } = filesThat({ 1: new Error("no"), 2: new Error("neither") });
  await assertRejects(() => decodeAll(files, one, ignore), DataError, "Cannot read 1: no");
  assertEquals(opened.length, 4);
});

Deno.test("a missing permission or library concerns all pictures, so none is left out for it", async () => {
  const isMissing = Object.assign(new Error("Cannot read 3: no permission"), { name: "NotCapable" });
  for (const error of [isMissing, new LibraryError("needs a library")]) {
    const { files, opened } = filesThat({ 3: error });
    const broken: string[] = [];
    const decoding = { ...one, onBroken: ({ name }: ImageFile) => void broken.push(name) };
    const thrown = await assertRejects(() => decodeAll(files, decoding, ignore));
    assert(thrown === error && broken.length === 0 && opened.length < 20, `${thrown} ${opened.length}`);
  }
});

Deno.test("errors are passed on as they are if they say what failed, and otherwise name the picture", async () => {
  const told = new RangeError("Cannot do it");
  assert(await assertRejects(() => decodeAll(filesThat({ 0: told }).files, one, ignore)) === told);
  const cause = new RangeError("It failed, so I cannot");
  const error = await assertRejects(() => decodeAll(filesThat({ 0: cause }).files, one, ignore), DataError);
  assertEquals([error.message, error.cause], ["Cannot read 0: It failed, so I cannot", cause]);
  const broken: [string, unknown][] = [];
  const kept: (readonly number[])[] = [];
  const decoding = { ...one, onBroken: ({ name }: ImageFile, error: unknown) => void broken.push([name, error]) };
  await decodeAll(
    filesThat({ 2: told, 0: told, 19: told }).files,
    decoding,
    (_, positions) => void kept.push(positions),
  );
  assertEquals(broken, [["0", told], ["2", told], ["19", told]]);
  assertEquals(kept.flat(), Array.from({ length: 20 }, (_, i) => i).filter((i) => ![0, 2, 19].includes(i)));
});

Deno.test("an error after the signal is that of the signal", async () => {
  const stop = new AbortController();
  const { files } = filesThat({});
  const failing: ImageFile = {
    name: "a",
    open: () => {
      stop.abort(new Error("stopped"));
      return Promise.reject(new Error("no"));
    },
  };
  for (const onBroken of [undefined, ignore]) {
    const decoding = { ...one, signal: stop.signal, onBroken };
    await assertRejects(() => decodeAll([failing, ...files], decoding, ignore), Error, "stopped");
  }
});

Deno.test("progress counts the pictures that are done, and files are closed", async () => {
  const seen: unknown[] = [];
  let closed = 0;
  const { files } = filesThat({});
  const counted = files.slice(0, 3).map(({ name, open }): ImageFile => ({
    name,
    open: async () => ({ ...await open(), [Symbol.dispose]: () => void closed++ }),
  }));
  await decodeAll(counted, { ...one, onProgress: (progress) => seen.push(progress) }, ignore);
  assertEquals(seen, [1, 2, 3].map((done) => ({ done, total: 3 })));
  assertEquals(closed, 3);
  await decodeAll([], one, () => {
    throw new Error("nothing to pass on");
  });
});

Deno.test("pictures with colors are passed on channel by channel, in their order", async () => {
  const red = pngOf([
    headerChunk({ width: 2, height: 2, depth: 8, color: 2 }),
    pixelChunk(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12)),
  ]);
  const file: ImageFile = { name: "a", open: () => Promise.resolve(memorySource(red, "a")) };
  const found: number[][] = [];
  const decoding = { ...one, settings: { ...one.settings, size: [2, 2], channels: 3 } } as const;
  await decodeAll([file], decoding, (levels) => void found.push([...levels]));
  assertEquals(found, [[1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12]]);
});

Deno.test("broken pictures are reported in their order, whichever fails first", async () => {
  const failAfter = (turns: number, i: number): ImageFile => ({
    name: `${i}`,
    open: async () => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      throw new Error("no");
    },
  });
  const broken: string[] = [];
  const decoding = { ...one, onBroken: ({ name }: ImageFile) => void broken.push(name) };
  await decodeAll([30, 3, 20, 0].map(failAfter), decoding, ignore);
  assertEquals(broken, ["0", "1", "2", "3"]);
  await assertRejects(() => decodeAll([30, 3, 20, 0].map(failAfter), one, ignore), DataError, "Cannot read 0: no");
});
