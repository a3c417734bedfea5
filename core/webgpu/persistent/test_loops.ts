/**
 * For tests: functions with loops, as recurrent layers have them.
 *
 * @module
 */

import { type Computation, graphOf, planOf } from "../../../tests/oracle.ts";
import { concatenate } from "../../functions/movement.ts";
import { matmul } from "../../functions/matmul.ts";
import { checkpoint } from "../../gradients.ts";
import type { Program } from "../../nest/program.ts";
import { scan } from "../../scan.ts";
import type { Tensor } from "../../tensor.ts";

/** A function with a loop, and shapes of its arguments for a number of turns, a batch, and units. */
export interface LoopCase {
  readonly fn: Computation;
  shapes(turns: number, batch: number, units: number): readonly (readonly number[])[];
}

/** Columns from `from · units` up to `(from + count) · units`. */
function columns(x: Tensor, units: number, [from, count]: readonly [number, number]): Tensor {
  return x.slice([0, from * units], [x.shape[0], (from + count) * units]);
}

const zeros = (x: Tensor, units: number): Tensor =>
  x.slice([0], [1]).sum({ axis: [0, 2] }).mul(0).expandDims(1).broadcastTo([x.shape[1], units]);

function lstm(x: Tensor, w: Tensor, u: Tensor): Tensor[] {
  const units = u.shape[0];
  const inputs = matmul(x, w);
  const step = ([h, c]: Tensor[], input: Tensor): [Tensor[], Tensor] => {
    const gates = input.add(matmul(h, u));
    const part = (i: number): Tensor => columns(gates, units, [i, 1]);
    const next = part(0).sigmoid().mul(c).add(part(1).sigmoid().mul(part(2).tanh()));
    const out = part(3).sigmoid().mul(next.tanh());
    return [[out, next], out];
  };
  const [[h, c], all] = scan(step, [zeros(x, units), zeros(x, units)], inputs);
  return [h, c, all];
}

function gru(x: Tensor, w: Tensor, u: Tensor, v: Tensor): Tensor[] {
  const units = v.shape[0];
  const step = (h: Tensor, input: Tensor): [Tensor, Tensor] => {
    const gates = columns(input, units, [1, 2]).add(matmul(h, u)).sigmoid();
    const [update, reset] = [0, 1].map((i) => columns(gates, units, [i, 1]));
    const proposed = columns(input, units, [0, 1]).add(matmul(reset.mul(h), v)).tanh();
    const next = h.add(update.mul(proposed.sub(h)));
    return [next, next];
  };
  return scan(step, zeros(x, units), matmul(x, w));
}

const recurrent = (reverse: boolean): Computation => (x, w, u) => {
  const step = (h: Tensor, input: Tensor): [Tensor, Tensor] => {
    const next = input.add(matmul(h, u)).tanh();
    return [next, next];
  };
  return scan(step, zeros(x, u.shape[0]), matmul(x, w), { reverse });
};

/** The input and the carry side by side, times one matrix, in a cell that is computed again for gradients. */
const joined: Computation = (x, w) => {
  const cell = checkpoint((h: Tensor, input: Tensor, w: Tensor) => matmul(concatenate([input, h], 1), w).tanh());
  return scan((h: Tensor, input: Tensor): [Tensor, Tensor] => [cell(h, input, w), h], zeros(x, w.shape[1]), x);
};

/** Carries of other shapes: one for each row, and a matrix for each row that products read and write. */
const attentive: Computation = (x, w) => {
  const units = w.shape[1];
  const step = ([memory, count]: Tensor[], input: Tensor): [Tensor[], Tensor] => {
    const key = matmul(input, w).sigmoid();
    const seen = memory.mul(key.expandDims(1)).sum({ axis: 2 });
    const weights = seen.sub(seen.max({ axis: 1, keepDims: true })).exp();
    const next = memory.mul(0.9).add(weights.expandDims(2).mul(key.expandDims(1)));
    return [[next, count.add(seen.max({ axis: 1 }))], seen];
  };
  const zero = zeros(x, units);
  const [[memory, count], all] = scan(step, [zero.expandDims(1).mul(zero.expandDims(2)), zero.sum({ axis: 1 })], x);
  return [memory, count, all];
};

const elementwise: Computation = (x) =>
  scan((c: Tensor, input: Tensor): [Tensor, Tensor] => [c.mul(0.5).add(input).tanh(), c], x.sum({ axis: 0 }), x);

/** Loops whose rows are independent. */
export const slicedLoops: Readonly<Record<string, LoopCase>> = {
  "long short-term memory": {
    fn: lstm,
    shapes: (turns, batch, units) => [[turns, batch, 3], [3, 4 * units], [units, 4 * units]],
  },
  "gated recurrent units": {
    fn: gru,
    shapes: (turns, batch, units) => [[turns, batch, 3], [3, 3 * units], [units, 2 * units], [units, units]],
  },
  "a recurrent layer": {
    fn: recurrent(false),
    shapes: (turns, batch, units) => [[turns, batch, 3], [3, units], [units, units]],
  },
  "a recurrent layer from the end": {
    fn: recurrent(true),
    shapes: (turns, batch, units) => [[turns, batch, 3], [3, units], [units, units]],
  },
  "a checkpointed cell of the input beside the carry": {
    fn: joined,
    shapes: (turns, batch, units) => [[turns, batch, 3], [3 + units, units]],
  },
  "carries of other shapes": {
    fn: attentive,
    shapes: (turns, batch, units) => [[turns, batch, 3], [3, units]],
  },
  "an elementwise loop": { fn: elementwise, shapes: (turns, batch, units) => [[turns, batch, units]] },
};

const average: Computation = (x, w) =>
  scan(
    (h: Tensor, input: Tensor): [Tensor, Tensor] => {
      const next = input.add(matmul(h.sub(h.mean({ axis: 0, keepDims: true })), w)).tanh();
      return [next, next];
    },
    x.sum({ axis: 0 }),
    x,
  );

const transposed: Computation = (x, w) =>
  scan(
    (h: Tensor, input: Tensor): [Tensor, Tensor] => {
      const next = input.add(matmul(matmul(h, h.transpose()), h)).mul(0.1).add(w.sum()).tanh();
      return [next, next];
    },
    x.sum({ axis: 0 }),
    x,
  );

const shifted: Computation = (x) =>
  scan(
    (h: Tensor, input: Tensor): [Tensor, Tensor] => {
      const next = input.add(h.flip([0, 1])).tanh();
      return [next, next];
    },
    x.sum({ axis: 0 }),
    x,
  );

/** Loops in which rows need what others store. */
export const mixedLoops: Readonly<Record<string, LoopCase>> = {
  "a mean over the batch": { fn: average, shapes: (turns, batch, units) => [[turns, batch, units], [units, units]] },
  "a product with the transposed carry": {
    fn: transposed,
    shapes: (turns, batch, units) => [[turns, batch, units], [units, units]],
  },
  "rows and columns in the opposite order": { fn: shifted, shapes: (turns, batch, units) => [[turns, batch, units]] },
};

/** The program of a function for arguments of f32. */
export function programFor(fn: Computation, shapes: readonly (readonly number[])[], maxSlots = 24): Program {
  const graph = graphOf(fn, shapes.map((shape) => ({ shape, dtype: "f32" })));
  return planOf(graph, { name: "test", maxSlots }).program;
}
