/**
 * Random numbers: each is a function of a key and a position.
 *
 * @module
 */

import type { Tensor } from "../../../core/tensor.ts";
import * as random from "../../../core/random/mod.ts";
import type { Draw } from "./draw.ts";
import { type Bound, exact, type Operation, type Results } from "./operation.ts";
import { errorFunction, threefry } from "./scalar.ts";
import { build, countOf, type Extents, type Value } from "./values.ts";

/** What positions are used for: the first word of the counter. */
const streams = { numbers: 0, split: 1, fold: 2 } as const;

/** The number at a position: both words of Threefry, combined. */
export function word(key: readonly number[], high: number, low: number): number {
  const [x, y] = threefry([key[0], key[1]], [high, low]);
  return (x ^ y) >>> 0;
}

const bitsAt = ({ values }: Value, position: number): number => word([...values], streams.numbers, position);
const unitAt = (key: Value, position: number): number => (bitsAt(key, position) >>> 8) * 2 ** -24;

/** A function of a key and a shape. */
function drawing(
  call: (key: Tensor, shape: Extents) => Tensor,
  expected: (key: Value, shape: Extents) => Value,
  bound: Bound = exact,
): Operation {
  return {
    bound,
    sample: (draw) => {
      const shape = draw.shape();
      return {
        inputs: [keyOf(draw)],
        apply: (key) => call(key, shape),
        expected: (key) => expected(key, shape),
        note: `[${shape}]`,
      };
    },
  };
}

const keyOf = (draw: Draw): Value => draw.filled("u32", [2], { style: "special" });

const scaled = (draw: Draw): readonly [number, number] => {
  const low = Math.fround(draw.real(-100, 100));
  return [low, Math.fround(low + draw.real(0.5, 1000))];
};

const uniform: Operation = {
  bound: { ulp: 2, of: "|low| + |high|", signedZeros: false },
  sample: (draw) => {
    const shape = draw.shape();
    const [low, high] = draw.chance(0.5) ? [0, 1] : scaled(draw);
    const options = { low, high };
    return {
      inputs: [keyOf(draw)],
      apply: (key) => low === 0 ? random.uniform(key, shape) : random.uniform(key, shape, options),
      expected: (key) => {
        const values = build("f32", shape, (_, i) => low + (high - low) * unitAt(key, i));
        return { ...values, units: values.values.map((x) => low === 0 ? x : Math.abs(low) + Math.abs(high)) };
      },
      note: `[${shape}] from ${low} to ${high}`,
    };
  },
};

/** The probability that a standard normal number exceeds x ≥ 0. */
function tail(x: number): number {
  if (x < 2) return (1 - errorFunction(x * Math.SQRT1_2)) / 2;
  let fraction = 0;
  for (let k = 100; k >= 1; k--) fraction = k / (x + fraction);
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) / (x + fraction);
}

/** The x ≥ 0 whose upper tail has this probability, by halving. */
function quantile(probability: number): number {
  let [low, high] = [0, 8];
  for (let i = 0; i < 45; i++) {
    const middle = (low + high) / 2;
    if (tail(middle) > probability) low = middle;
    else high = middle;
  }
  return low;
}

/** 24 bits stand for the probability of the tail, and the lowest bit for the sign. */
function normalAt(key: Value, position: number): number {
  const bits = bitsAt(key, position);
  const size = quantile(((bits >>> 8) + 0.5) / 2 ** 25);
  return bits & 1 ? -size : size;
}

const normal = drawing(
  (key, shape) => random.normal(key, shape),
  (key, shape) => ({
    ...build("f32", shape, (_, i) => normalAt(key, i)),
    units: new Float64Array(countOf(shape)).fill(1),
  }),
  { ulp: 504, of: "1", signedZeros: false },
);

const bernoulli: Operation = {
  bound: exact,
  sample: (draw) => {
    const shape = draw.shape();
    const probability = draw.pick([0, 1, 0.5, 0.25, 2 ** -24, Math.fround(draw.real())]);
    const key = keyOf(draw);
    if (draw.chance(0.5)) {
      return {
        inputs: [key],
        apply: (key) => random.bernoulli(key, probability, shape),
        expected: (key) => build("bool", shape, (_, i) => unitAt(key, i) < probability ? 1 : 0),
        note: `[${shape}] with ${probability}`,
      };
    }
    const own = build("f32", shape, () => Math.fround(draw.elements.real()));
    return {
      inputs: [key, own],
      apply: (key, chances) => random.bernoulli(key, chances),
      expected: (key, chances) => build("bool", shape, (_, i) => unitAt(key, i) < chances.values[i] ? 1 : 0),
    };
  },
};

const permutation: Operation = {
  bound: exact,
  sample: (draw) => {
    const n = draw.pick([0, 1, 2, 3, 5, 31, 32, 33, 65, 128, 129, 300]);
    return {
      inputs: [keyOf(draw)],
      apply: (key) => random.permutation(key, n),
      expected: (key) => {
        const words = Array.from({ length: n }, (_, i) => bitsAt(key, i) >>> 1);
        const order = words.map((_, i) => i).sort((a, b) => words[a] - words[b] || a - b);
        return { dtype: "i32", shape: [n], values: Float64Array.from(order) };
      },
      note: `of ${n}`,
    };
  },
};

const makingKeys: Operation = {
  bound: exact,
  sample: (draw) => {
    const seed = draw.pick([0, 1, -1, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1, draw.bits(), draw.bits() * 2 ** 20]);
    return {
      // The key does not depend on tensors.
      inputs: [draw.value("u32", [2])],
      apply: () => random.key(seed),
      expected: () => ({
        dtype: "u32",
        shape: [2],
        values: Float64Array.of(Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0),
      }),
      note: `seed ${seed}`,
    };
  },
};

const rows = (key: Value, count: number): Value =>
  build("u32", [count, 2], (_, position) => word([...key.values], streams.split, position));

function splitting(
  call: (key: Tensor, count: number) => Results<Tensor>,
  expected: (rows: Value, count: number) => Results<Value>,
): Operation {
  return {
    bound: exact,
    sample: (draw) => {
      const count = draw.pick([1, 2, 3, 7, 33]);
      return {
        inputs: [keyOf(draw)],
        apply: (key) => call(key, count),
        expected: (key) => expected(rows(key, count), count),
        note: `${count} keys`,
      };
    },
  };
}

const fold: Operation = {
  bound: exact,
  sample: (draw) => {
    const data = draw.element(draw.pick(["i32", "u32"] as const));
    const isTensor = draw.chance(0.5);
    const given: Value = { dtype: data < 0 ? "i32" : "u32", shape: [], values: Float64Array.of(data) };
    return {
      inputs: [keyOf(draw), given],
      apply: (key, tensor) => random.fold(key, isTensor ? tensor : data),
      expected: (key) => build("u32", [2], (_, i) => word([...key.values], streams.fold + i, data)),
      note: `${isTensor ? "tensor" : "number"} ${data}`,
    };
  },
};

/** One entry per function of `random`. */
export const randomFunctions = {
  bits: drawing((key, shape) => random.bits(key, shape), (key, shape) => build("u32", shape, (_, i) => bitsAt(key, i))),
  uniform,
  normal,
  bernoulli,
  permutation,
  key: makingKeys,
  split: splitting((key, count) => random.split(key, count), (rows) => rows),
  splitKeys: splitting(
    (key, count) => random.splitKeys(key, count),
    ({ values }, count) =>
      Array.from({ length: count }, (_, i) => ({ dtype: "u32", shape: [2], values: values.slice(2 * i, 2 * i + 2) })),
  ),
  fold,
};
