/**
 * Keys and random bits: each number is a function of a key and a position, the same on every device.
 *
 * Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
 *
 * @module
 */

import { converted } from "../functions/converted.ts";
import { tensor } from "../creation.ts";
import { broadcastTo, reshape, slice } from "../functions/movement.ts";
import { makeNode } from "../graph/ops.ts";
import { tensorKind } from "../options/kinds.ts";
import { checkArguments } from "../options/read.ts";
import { count as countOption, whole } from "../options/numbers.ts";
import { custom } from "../options/option.ts";
import { checkShape, type Shape, showShape, sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** The purposes of positions, so that numbers, new keys and folded keys differ. */
const stream = { numbers: 0, split: 1, fold: 2 } as const;

const anySeed = whole();
const keyCount = countOption({ least: 0 });
/** Numbers of 32 bits, with or without a sign. */
const word32 = whole({ least: -(2 ** 31), most: 2 ** 32 - 1 });

/** A number, or a tensor that holds one. */
const wordKind = custom<Tensor>({
  expected: "a number, or a scalar tensor of i32 or u32",
  accepts: (value): value is Tensor =>
    value instanceof Tensor && value.shape.length === 0 && (value.dtype === "i32" || value.dtype === "u32"),
});

/** Numbers 0, 1, … in row-major order, as u32. */
function positions(shape: Shape): Tensor {
  const size = sizeOf(checkShape(shape, "draw random numbers of shape"));
  return new Tensor(makeNode("iota", [], { shape: [size], dtype: "u32", axis: 0 })).reshape(shape);
}

function checkKey(key: Tensor): void {
  checkArguments("draw random numbers", { key }, tensorKind);
  if (key.dtype !== "u32" || key.shape.length !== 1 || key.shape[0] !== 2) {
    throw new TypeError(
      `Cannot use ${key.dtype}${
        showShape(key.shape)
      } as a random key: expected u32[2], made by random.key(seed) or random.split(key)`,
    );
  }
}

function threefry(key: Tensor, high: Tensor | number, low: Tensor): Tensor {
  checkKey(key);
  const [first, second] = [0, 1].map((i) =>
    broadcastTo(reshape(slice(key, { start: [i], stop: [i + 1] }), []), low.shape)
  );
  const top = typeof high === "number" ? low.fullLike(high) : high;
  return first.apply("threefry", [second, top, low], {});
}

/**
 * Makes a key from a seed, which is a whole number.
 *
 * @returns u32[2]
 * @throws {RangeError} if the seed is not a whole number of at most 53 bits.
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await random.key(7).toArray(), [0, 7]);
 * ```
 */
export function key(seed: number): Tensor {
  checkArguments("make a random key", { seed }, anySeed);
  return tensor(Uint32Array.of(Math.floor(seed / 2 ** 32), seed));
}

/**
 * Makes new keys, one per row, that are independent of each other and of the numbers of `key`.
 *
 * @returns u32[count, 2]
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(random.split(random.key(1), 3).shape, [3, 2]);
 * ```
 */
export function split(key: Tensor, count = 2): Tensor {
  checkArguments("split a random key", { count }, keyCount);
  return threefry(key, stream.split, positions([count, 2]));
}

/**
 * Returns the keys of {@linkcode split} as separate tensors.
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [first, second] = random.splitKeys(random.key(1), 2);
 * assertEquals([first.shape, second.shape], [[2], [2]]);
 * ```
 */
export function splitKeys(key: Tensor, count: number): Tensor[] {
  const rows = split(key, count);
  return Array.from({ length: count }, (_, i) => rows.slice([i], [i + 1]).reshape([2]));
}

/**
 * Makes a new key from a key and a number, such as that of a step.
 *
 * @param data a number, or an i32 or u32 scalar
 * @returns u32[2]
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assertNotEquals } from "@std/assert";
 *
 * const key = random.key(1);
 * assertNotEquals(await random.fold(key, 1).toArray(), await random.fold(key, 2).toArray());
 * ```
 */
export function fold(key: Tensor, data: Tensor | number): Tensor {
  checkArguments("fold a random key", { key }, tensorKind);
  checkArguments("fold a random key", { data }, typeof data === "number" ? word32 : wordKind);
  const word = positions([2]);
  const number = typeof data === "number" ? word.scalar(data >>> 0) : converted(data, "u32");
  return threefry(key, word.add(stream.fold), number.broadcastTo([2]));
}

/**
 * Random bits.
 *
 * @returns u32 of the given shape
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(random.bits(random.key(1), [4]).dtype, "u32");
 * ```
 */
export function bits(key: Tensor, shape: Shape = []): Tensor {
  checkShape(shape, "draw numbers of shape");
  return threefry(key, stream.numbers, positions(shape));
}
