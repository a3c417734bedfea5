import { assert, assertEquals, assertRejects } from "@std/assert";
import { memorySource } from "../formats/byte_source.ts";
import { decodeAll, type ImageFile } from "./decode_all.ts";
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
