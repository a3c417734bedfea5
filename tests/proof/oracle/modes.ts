/**
 * The ways in which a call reaches a device: alone, compiled, compiled between elementwise operations, and compiled with
 * results that take over the memory of its arguments.
 *
 * @module
 */

import { tensor } from "../../../core/creation.ts";
import { type DType, type HostArray, hostArray } from "../../../core/dtype.ts";
import { jit } from "../../../core/jit.ts";
import type { Tensor } from "../../../core/tensor.ts";
import type { Draw } from "./draw.ts";
import { listed, type Sample } from "./operation.ts";
import type { Expected } from "./ulp.ts";
import { type Value, wrap } from "./values.ts";

/** A way to call an operation. */
export type Mode = "eager" | "compiled" | "fused" | "donated";

/** All ways. */
export const modes: readonly Mode[] = ["eager", "compiled", "fused", "donated"];

/** An operation that is undone by itself, without rounding: x = f(f(x)). */
interface Neighbor {
  readonly apply: (x: Tensor) => Tensor;
  readonly element: (x: number) => number;
  /** Whether the order of the elements is reversed. */
  readonly reverses?: boolean;
}

const none: Neighbor = { apply: (x) => x, element: (x) => x };
const negated: Neighbor = { apply: (x) => x.neg(), element: (x) => -x };
const reversed: Neighbor = { apply: (x) => x.flip(), element: (x) => x, reverses: true };
const MASK = 0x55aa55aa;

const neighbors: Readonly<Record<DType, readonly Neighbor[]>> = {
  f32: [negated, { apply: (x) => x.mul(x.fullLike(-1)), element: (x) => -x }, reversed, none],
  i32: [negated, reversed, none],
  u32: [{ apply: (x) => x.binary("xor", MASK), element: (x) => (x ^ MASK) >>> 0 }, reversed, none],
  bool: [{ apply: (x) => x.logicalNot(), element: (x) => 1 - x }, reversed, none],
};

function beside<V extends Value>(x: V, { element, reverses = false }: Neighbor): V {
  const values = x.values.map((value) => wrap(x.dtype, element(value)));
  return { ...x, values: reverses ? values.reverse() : values };
}

/** An array as a tensor of the current device. */
export function tensorOf({ dtype, shape, values }: Value): Tensor {
  const array = hostArray(dtype, values.length);
  array.set(values);
  return tensor(array, shape, { dtype });
}

/** A result that a device computed, and what it should be. */
export interface Outcome {
  readonly tensor: Tensor;
  readonly got: HostArray;
  readonly expected: Expected;
}

/** A function that calls an operation, which is compiled at most once. */
export interface Caller extends Disposable {
  /** Computes a sample on the current device, which differs from the first one in its elements only. */
  readonly outcomesOf: (sample: Sample) => Promise<Outcome[]>;
}

/** Prepares the calls of an operation with arguments of the form of a sample. */
export function callerOf(sample: Sample, mode: Mode, draw: Draw): Caller {
  const isFused = mode === "fused";
  // Alone, operations read tensors and views of tensors.
  const before = sample.inputs.map(({ dtype }) =>
    isFused ? draw.pick(neighbors[dtype]) : mode === "eager" ? draw.pick([none, reversed]) : none
  );
  const first = draw.whole(0, 11);
  const after = (dtype: DType, result: number): Neighbor =>
    isFused ? neighbors[dtype][(first + result) % neighbors[dtype].length] : none;
  const call = (...inputs: Tensor[]): Tensor[] =>
    listed(sample.apply(...inputs.map((x, i) => before[i].apply(x)))).map((y, i) => after(y.dtype, i).apply(y));
  const donate = mode === "donated" ? sample.inputs.map((_, i) => i) : [];
  const compiled = jit(call, { donate, name: "oracle" });
  const outcomesOf = async ({ inputs, expected }: Sample): Promise<Outcome[]> => {
    const wanted = listed(expected(...inputs));
    const tensors = inputs.map((x, i) => tensorOf(beside(x, before[i])));
    const results = mode === "eager" ? call(...tensors) : compiled(...tensors);
    const outcomes: Outcome[] = [];
    for (const [i, tensor] of results.entries()) {
      outcomes.push({
        tensor,
        got: await tensor.data(),
        expected: besideExpected(wanted[i], after(wanted[i].dtype, i)),
      });
    }
    for (const x of [...results, ...(mode === "donated" ? [] : tensors)]) x.dispose();
    return outcomes;
  };
  return { outcomesOf, [Symbol.dispose]: () => compiled[Symbol.dispose]() };
}

function besideExpected(expected: Expected, neighbor: Neighbor): Expected {
  const { units, open, values } = expected;
  const moved = beside(expected, neighbor);
  if (!neighbor.reverses) return moved;
  return {
    ...moved,
    ...(units && { units: units.toReversed() }),
    ...(open && { open: new Set([...open].map((position) => values.length - 1 - position)) }),
  };
}
