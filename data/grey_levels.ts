/**
 * Gray levels, which are kept as bytes.
 *
 * @module
 */

import type { Shape } from "../core/shape.ts";

/** Gray levels in a word of 32 bits. */
export const LEVELS_PER_WORD = 4;

/** Whether the gray levels along the last axis fill whole words, so that samples can be sent to a device as words. */
export function arePackable(shape: Shape): boolean {
  return shape.length > 1 && shape[shape.length - 1] % LEVELS_PER_WORD === 0;
}

/** The shape of packed samples: four gray levels along the last axis are one word. */
export function packedShape(shape: Shape): Shape {
  return shape.map((extent, axis) => axis === shape.length - 1 ? extent / LEVELS_PER_WORD : extent);
}

/** Gray levels from 0 to 255 as floats from 0 to 1, which are made on first use. They are samples. */
export class GreyLevels {
  #values: Float32Array | undefined;

  constructor(readonly levels: Uint8Array, readonly shape: Shape) {}

  /** The floats. */
  get values(): Float32Array {
    return this.#values ??= unitFloats(this.levels);
  }

  /** Four gray levels per word, the first one in the lowest byte. If possible, they share the memory of the levels. */
  words(): Uint32Array<ArrayBufferLike> {
    const { buffer, byteOffset, byteLength } = this.levels;
    if (byteOffset % LEVELS_PER_WORD === 0) return new Uint32Array(buffer, byteOffset, byteLength / LEVELS_PER_WORD);
    return new Uint32Array(this.levels.slice().buffer);
  }
}

/** Gray levels from 0 to 255 as floats from 0 to 1. */
function unitFloats(levels: Uint8Array): Float32Array {
  const values = new Float32Array(levels.length);
  for (let i = 0; i < levels.length; i++) values[i] = levels[i] / 255;
  return values;
}
