/**
 * Random arguments: shapes at the edges of tiles, and numbers at the edges of formats and formulas.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import { countOf, type Extents, type Value } from "./values.ts";

/** Where numbers of type f32 are drawn. */
export interface Numbers {
  /** `moderate` keeps to −4 … 4, `wide` adds all exponents, and `special` also NaN, infinities, zeros and limits. */
  readonly style?: Style;
  /** Numbers near which the operation or its implementation changes its formula. */
  readonly points?: readonly number[];
  /** Only numbers that are not negative. */
  readonly positive?: boolean;
  /** The special numbers; default: NaN, infinities, zeros, limits of the format. */
  readonly specials?: readonly number[];
  /** The exponents of 2 of wide numbers; default: −126 … 127. */
  readonly exponents?: readonly [number, number];
}

/** What arguments are drawn for. */
export interface Purpose {
  /** Whether singles below 2⁻¹²⁶ are replaced by 0, because WGSL lets a device take them for 0. */
  readonly flushes: boolean;
  /** Whether slopes are taken: the arrays are small, of type f32 where possible, and their elements differ. */
  readonly slopes: boolean;
}

/** How far numbers go. */
export type Style = "moderate" | "wide" | "special";

/** 0, 1, primes, and one more or less than the tiles of kernels. */
const extents = [1, 2, 3, 5, 7, 11, 13, 31, 32, 33, 63, 64, 65, 127, 128, 129];

/** The largest single. */
export const LARGEST = 2 ** 128 - 2 ** 104;
/** The smallest normal single. */
export const SMALLEST_NORMAL = 2 ** -126;
/** The smallest single. */
export const SMALLEST = 2 ** -149;

/** Special numbers with which formulas of several steps are exact, or NaN. */
export const plainSpecials: readonly number[] = [NaN, Infinity, -Infinity, 0, -0, 1, -1];

const special = [
  ...[NaN, Infinity, -Infinity, 0, -0, LARGEST, -LARGEST, SMALLEST_NORMAL, -SMALLEST_NORMAL, SMALLEST, -SMALLEST],
  ...[2 ** -127, -(2 ** -130), 2 ** -126 - 2 ** -149, 1, -1, 2 ** 24, 2 ** 31, -(2 ** 31), 2 ** 32],
  ...[1 - 2 ** -24, 1 + 2 ** -23, 2 ** 23 - 0.5, 0.5, -0.5],
];

const wholes: Readonly<Record<"i32" | "u32", readonly number[]>> = {
  i32: [0, 1, -1, 2, 31, 32, 33, -31, 2 ** 24 + 1, -(2 ** 24) - 1, 2 ** 31 - 1, -(2 ** 31), 2 ** 16, -65537],
  u32: [0, 1, 2, 31, 32, 33, 2 ** 24 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 2, 2 ** 16, 65537],
};

/** A source of choices, all of which follow from a seed. */
export class Draw {
  #state: number;
  /** Arrays drawn for slopes. */
  #arrays = 0;
  /**
   * Where elements come from, apart from all other choices: with another seed for them, the same shapes and arguments are
   * drawn with other elements, so that one compiled function serves several samples.
   */
  readonly elements: Draw;

  constructor(seed: number, readonly purpose: Purpose, elements?: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
    for (let i = 0; i < 4; i++) this.bits();
    this.elements = elements === undefined ? this : new Draw(elements, purpose);
  }

  /** 32 random bits (the generator mulberry32). */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return (x ^ (x >>> 14)) >>> 0;
  }

  /** A number from `low` up to `high`, which is not included. */
  real(low = 0, high = 1): number {
    return low + (high - low) * this.bits() / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.real() * (high - low + 1));
  }

  /** True in this share of the draws. */
  chance(share: number): boolean {
    return this.real() < share;
  }

  /** One of some items. */
  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)];
  }

  /** Whole numbers 0 … n − 1 in random order. */
  order(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.whole(0, i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /** A shape of `rank` axes (default: 0 … 6) with at most `most` elements; some have none. */
  shape({ rank = this.whole(0, 6), most = 3000, empty = true } = {}): number[] {
    const shape: number[] = [];
    let left = this.purpose.slopes ? 24 : most;
    for (let axis = 0; axis < rank; axis++) {
      const fitting = extents.filter((extent) => extent <= Math.max(1, left));
      // The first axes leave something for the later ones.
      shape.push(this.pick(rank > 3 ? fitting.slice(0, 6) : fitting));
      left = Math.floor(left / shape[axis]);
    }
    if (empty && rank > 0 && this.chance(0.04)) shape[this.whole(0, rank - 1)] = 0;
    return this.order(rank).map((axis) => shape[axis]);
  }

  /** The style of a sample: half are moderate. */
  style(): Style {
    if (this.purpose.slopes) return "moderate";
    return this.pick(["moderate", "moderate", "wide", "special"]);
  }

  /** One of the element types. */
  type(types: readonly DType[]): DType {
    return this.purpose.slopes && types.includes("f32") ? "f32" : this.pick(types);
  }

  /** A single. */
  float(numbers: Numbers = {}): number {
    const drawn = Math.fround(this.#float(numbers));
    const x = numbers.positive ? Math.abs(drawn) : drawn;
    return this.purpose.flushes && Math.abs(x) < SMALLEST_NORMAL ? x * 0 : x;
  }

  #float(
    { style = "moderate", points = [], specials = special, exponents: [low, high] = [-126, 127] }: Numbers,
  ): number {
    const kind = this.real();
    if (style === "special" && this.chance(0.2)) return this.pick(specials);
    if (points.length > 0 && kind < 0.5) {
      const point = this.pick(points) * (this.chance(0.25) ? -1 : 1);
      return point * (1 + this.whole(-4, 4) * 2 ** -24);
    }
    if (style !== "moderate" && kind < 0.8) return this.real(-2, 2) * 2 ** this.real(low, high);
    return kind < 0.9 ? this.real(-4, 4) : this.whole(-9, 9);
  }

  /** An element of any type. */
  element(dtype: DType, numbers: Numbers = {}): number {
    if (dtype === "f32") return this.float(numbers);
    if (dtype === "bool") return this.whole(0, 1);
    const kind = this.real();
    if (kind < 0.3 && numbers.style !== "moderate") return this.pick(wholes[dtype]);
    if (kind < 0.6) return this.whole(dtype === "i32" ? -9 : 0, 9);
    return dtype === "i32" ? this.bits() | 0 : this.bits();
  }

  /** An array of one element type. */
  value(dtype: DType, shape: Extents, numbers: Numbers = {}): Value {
    if (this.purpose.slopes && dtype === "f32") return this.apart(shape, numbers.positive);
    return this.filled(dtype, shape, numbers);
  }

  /** An array drawn element by element, even if slopes are taken. */
  filled(dtype: DType, shape: Extents, numbers: Numbers): Value {
    return {
      dtype,
      shape,
      values: Float64Array.from({ length: countOf(shape) }, () => this.elements.element(dtype, numbers)),
    };
  }

  /** Whole numbers of type i32 from `low` to `high`. */
  indices(shape: Extents, low: number, high: number): Value {
    const { elements } = this;
    return {
      dtype: "i32",
      shape,
      values: Float64Array.from({ length: countOf(shape) }, () => elements.whole(low, high)),
    };
  }

  /**
   * Singles for slopes: all that are drawn for one sample differ by more than 1/100 from each other, by 1/128 from whole
   * numbers and their halves, and by 1/4 from 0.
   */
  apart(shape: Extents, positive = false): Value {
    const { elements } = this;
    const offset = this.#arrays++ % 3 / 48;
    const values = elements.order(countOf(shape)).map((i) => {
      const size = 0.25 + 1 / 128 + offset + i / 16 + elements.real(0, 1 / 256);
      return Math.fround(positive || elements.chance(0.5) ? size : -size);
    });
    return { dtype: "f32", shape, values: Float64Array.from(values) };
  }

  /** A shape that is repeated to the given one: some extents are 1, some first axes are missing. */
  narrower(shape: Extents): number[] {
    if (this.chance(0.5)) return [...shape];
    const ones = shape.map((extent) => this.chance(0.4) ? 1 : extent);
    return this.chance(0.5) ? ones : ones.slice(this.whole(0, ones.length));
  }
}
