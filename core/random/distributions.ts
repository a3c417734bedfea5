/**
 * Random numbers of several distributions.
 *
 * @module
 */

import { arange, full, tensor } from "../creation.ts";
import { broadcastTo } from "../functions/movement.ts";
import { gatherNearest } from "../functions/selection.ts";
import { operandKind } from "../options/kinds.ts";
import { checkArguments, readOptions } from "../options/read.ts";
import { count, finite, share } from "../options/numbers.ts";
import type { Declaration } from "../options/option.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { scan } from "../scan.ts";
import { bits } from "./bits.ts";
import { normalTable, PARTS, QUANTUM } from "./normal_table.ts";

/** The interval of {@linkcode uniform}. */
export interface UniformOptions {
  /** The lower bound; default: 0. */
  readonly low?: number;
  /** The upper bound, not included; default: 1. */
  readonly high?: number;
}

const uniformOptions = {
  low: finite({ default: 0, help: "lower bound" }),
  high: finite({ default: 1, help: "upper bound, not included" }),
} satisfies Declaration<UniformOptions>;

/**
 * Numbers from `low` up to `high` (not included), multiples of 2⁻²⁴ of the interval.
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assert } from "@std/assert";
 *
 * const x = await random.uniform(random.key(1), [100]).data();
 * assert(x.every((value) => value >= 0 && value < 1));
 * ```
 */
export function uniform(key: Tensor, shape: Shape = [], options?: UniformOptions): Tensor {
  const { low, high } = readOptions("draw uniform numbers", uniformOptions, options);
  const unit = bits(key, shape).binary("shr", 8).cast("f32").mul(2 ** -24);
  if (low === 0 && high === 1) return unit;
  // The halves of two numbers whose difference overflows have one that does not.
  const overflows = Math.abs(Math.fround(high - low)) === Infinity;
  if (overflows) return uniform(key, shape, { low: low / 2, high: high / 2 }).mul(2);
  const scaled = unit.mul(high - low).add(low);
  if (!reaches(high, low)) return scaled;
  const last = lastBefore(high, low);
  return low < high ? scaled.minimum(last) : scaled.maximum(last);
}

/** Whether rounding can make the number closest to `high` equal to it or carry it beyond, with or without a joint rounding. */
function reaches(high: number, low: number): boolean {
  if (low === high) return false;
  const largest = 1 - 2 ** -24;
  const scale = Math.fround(high - low);
  const sums = [largest * scale, Math.fround(largest * scale)].map((part) => Math.fround(part + Math.fround(low)));
  return sums.some((sum) => low < high ? sum >= high : sum <= high);
}

/** The single closest to `high` on the side of `low`. */
function lastBefore(high: number, low: number): number {
  const isInside = (value: number): boolean => low < high ? value < high : value > high;
  const single = Math.fround(high);
  if (isInside(single)) return single;
  if (single === 0) return low < high ? -(2 ** -126) : 2 ** -126;
  const [value, bits] = [Float32Array.of(single), new Int32Array(1)];
  bits.set(new Int32Array(value.buffer));
  bits[0] += (single > 0) === low < high ? -1 : 1;
  return new Float32Array(bits.buffer)[0];
}

let table: Tensor | undefined;

/**
 * Numbers of the normal distribution with mean 0 and standard deviation 1, within 6 · 10⁻⁵ of its quantiles; the
 * largest is 5.4. They are computed in integers from a table of the distribution, so all devices agree.
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assert } from "@std/assert";
 *
 * const x = random.normal(random.key(1), [10000]);
 * assert(Math.abs(await x.mean().item()) < 0.05);
 * assert(Math.abs(await x.variance().item() - 1) < 0.05);
 * ```
 */
export function normal(key: Tensor, shape: Shape = []): Tensor {
  return normalOf(bits(key, shape));
}

/** Numbers of the normal distribution out of random words, u32. */
export function normalOf(random: Tensor): Tensor {
  table ??= tensor(normalTable());
  // An odd number of 25 bits; as f32 its exponent is the octave, and its mantissa the position within it.
  const odd = random.binary("shr", 8).mul(2).add(1);
  const float = odd.binary("shr", 1).cast("f32").mul(2).add(1).bitcast("u32");
  const octave = float.binary("shr", 23).sub(127);
  const mantissa = float.and(float.fullLike(0x7fffff));
  const cell = octave.mul(PARTS).add(mantissa.binary("shr", 18)).cast("i32");
  const [from, to] = [gatherNearest(table, cell), gatherNearest(table, cell.add(1))];
  // (to − from) · fraction / 2¹⁸ in two halves of 9 bits, so that no product exceeds 32 bits.
  const fraction = mantissa.and(mantissa.fullLike(0x3ffff)).cast("i32");
  const step = to.sub(from).neg();
  const high = step.mul(fraction.binary("shr", 9));
  const low = step.mul(fraction.and(fraction.fullLike(0x1ff))).binary("shr", 9);
  const size = from.sub(high.add(low).binary("shr", 9)).cast("f32").mul(QUANTUM);
  return random.and(random.fullLike(1)).equal(1).where(size.neg(), size);
}

const chance = share();

/**
 * True with the given probability, as bool. A tensor of probabilities is not checked: NaN counts as 0.
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await random.bernoulli(random.key(1), 1, [2]).toArray(), [true, true]);
 * ```
 */
export function bernoulli(key: Tensor, probability: Tensor | number = 0.5, shape?: Shape): Tensor {
  if (typeof probability === "number") checkArguments("draw from a Bernoulli distribution", { probability }, chance);
  else checkArguments("draw", { probability }, operandKind);
  const ofProbability = typeof probability === "number" ? [] : probability.shape;
  const drawn = uniform(key, shape === undefined ? ofProbability : shape);
  return drawn.less(typeof probability === "number" ? probability : broadcastTo(probability, drawn.shape));
}

/** The sorting network has a power of 2 of places. */
const length = count({ least: 0, most: 2 ** 30 });

/** The stages of a bitonic sorting network for 2^`log` elements: block size and distance of partners. */
function network(log: number): { block: number[]; distance: number[] } {
  const [block, distance]: number[][] = [[], []];
  for (let k = 1; k <= log; k++) {
    for (let j = k - 1; j >= 0; j--) {
      block.push(2 ** k);
      distance.push(2 ** j);
    }
  }
  return { block, distance };
}

/**
 * The numbers 0 … n − 1 in random order, as i32: the order of random numbers at these positions.
 *
 * Source: Batcher, "Sorting networks and their applications", 1968 (the bitonic sorter).
 *
 * @example
 * ```ts
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const order = await random.permutation(random.key(1), 5).data();
 * assertEquals([...order].sort(), [0, 1, 2, 3, 4]);
 * ```
 */
export function permutation(key: Tensor, n: number): Tensor {
  checkArguments("make a permutation", { n }, length);
  if (n < 2) return full([n], 0, { dtype: "i32" });
  const log = Math.ceil(Math.log2(n));
  const places = arange(2 ** log, undefined, 1, { dtype: "i32" });
  const drawn = bits(key, [2 ** log]);
  // Positions beyond n − 1 are sorted after all others.
  const words = places.less(n).where(drawn.binary("shr", 1), drawn.fullLike(0xffffffff));
  const steps = network(log);
  const xs = { block: tensor(Int32Array.from(steps.block)), distance: tensor(Int32Array.from(steps.distance)) };
  const [{ order }] = scan(compareExchange, { words, order: places }, xs);
  return order.slice([0], [n]);
}

interface Sorting {
  readonly words: Tensor;
  readonly order: Tensor;
}

/** Each position takes the smaller or the larger of its own pair and its partner's. */
function compareExchange(
  { words, order }: Sorting,
  { block, distance }: { block: Tensor; distance: Tensor },
): [Sorting, null] {
  const place = order.indexAlong(0);
  const partner = place.binary("xor", distance);
  const [otherWord, otherOrder] = [gatherNearest(words, partner), gatherNearest(order, partner)];
  const less = otherWord.less(words).or(otherWord.equal(words).and(otherOrder.less(order)));
  const ascending = place.and(block.broadcastTo(place.shape)).equal(0);
  const lower = place.and(distance.broadcastTo(place.shape)).equal(0);
  const take = less.equal(ascending.equal(lower));
  return [{ words: take.where(otherWord, words), order: take.where(otherOrder, order) }, null];
}
