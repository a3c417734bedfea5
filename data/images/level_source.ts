/**
 * Pictures in a file of levels, which are read on demand.
 *
 * @module
 */

import type { Shape } from "../../core/shape.ts";
import { type NpySource, openNpy } from "../formats/npy_source.ts";

/** Opens an NPY file of bytes as pictures of this shape: `[channel, row, column]`. */
export function openLevels(path: string, shape: Shape): NpySource {
  const source = openNpy(path, { greyLevels: true });
  return {
    name: source.name,
    shape: [source.shape[0], ...shape],
    read: (numbers, target) => source.read(numbers, target),
    readLevels: (numbers, target) => source.readLevels!(numbers, target),
    close: () => source.close(),
    [Symbol.dispose]: () => source.close(),
  };
}
