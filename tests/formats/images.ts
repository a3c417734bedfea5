/**
 * The images on which the runs of `tests/formats` were trained, in MNIST's format.
 *
 * @module
 */

import { join } from "@std/path";

const SIDE = 28;
const CLASSES = 10;

/** A bright bar for each class, which moves a little from image to image. */
function pixelsOf(label: number, number: number): Uint8Array {
  const pixels = new Uint8Array(SIDE * SIDE);
  const top = 2 + 2 * label + number % 2;
  const left = 3 + (number >> 1) % 5 + label;
  for (let y = top; y < top + 4; y++) pixels.fill(200, y * SIDE + left, y * SIDE + left + 12 - label % 3);
  return pixels;
}

function idx(extents: readonly number[], bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(4 + 4 * extents.length + bytes.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x0800 + extents.length);
  extents.forEach((extent, i) => view.setUint32(4 + 4 * i, extent));
  file.set(bytes, 4 + 4 * extents.length);
  return file;
}

/** Writes the four files, 60 images for training and validation and 20 for the test. */
export async function writeImages(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [set, count, first] of [["train", 60, 0], ["t10k", 20, 60]] as const) {
    const labels = Uint8Array.from({ length: count }, (_, i) => (i * 3) % CLASSES);
    const images = new Uint8Array(count * SIDE * SIDE);
    labels.forEach((label, i) => images.set(pixelsOf(label, first + i), i * SIDE * SIDE));
    const files = {
      [`${set}-images-idx3-ubyte`]: idx([count, SIDE, SIDE], images),
      [`${set}-labels-idx1-ubyte`]: idx([count], labels),
    };
    for (const [name, content] of Object.entries(files)) {
      const packed = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
      await Deno.writeFile(join(folder, `${name}.gz`), packed);
    }
  }
}
