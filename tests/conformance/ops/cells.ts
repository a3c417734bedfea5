/**
 * One step of the recurrent operators.
 *
 * @module
 */

import type { Tensor } from "../../../core/mod.ts";
import type { Attributes } from "../attributes.ts";

/** A function of one number. */
export type Nonlinearity = (x: Tensor) => Tensor;

/** The weights of one direction; the gates lie one after the other along the first axis. */
export interface Weights {
  /** [gates · hidden, input] */
  readonly w: Tensor;
  /** [gates · hidden, hidden] */
  readonly r: Tensor;
  /** Those of the input, then those of the state: [2 · gates · hidden]. */
  readonly bias: Tensor | undefined;
  /** [3 · hidden] */
  readonly peepholes: Tensor | undefined;
}

/** A cell with its weights. */
export interface Cell {
  /** The part of all steps that depends only on the input: [time, batch, input] → [time, batch, gates · hidden]. */
  project(x: Tensor): Tensor;
  /** The states after one step, the output first. */
  step(input: Tensor, states: readonly Tensor[]): readonly Tensor[];
}

/** A kind of cell. */
export interface CellKind {
  /** The default activations of one direction. */
  readonly activations: readonly string[];
  /** The number of states. */
  readonly states: number;
  cell(weights: Weights, activations: readonly Nonlinearity[], attributes: Attributes): Cell;
}

/** Columns of the `index`-th of several equal parts of the last axis. */
function part(x: Tensor, index: number, size: number): Tensor {
  const lead = x.shape.slice(0, -1);
  return x.slice([...lead.map(() => 0), index * size], [...lead, (index + 1) * size]);
}

/** Clips the inputs of the activations of gates. */
function clipper(attributes: Attributes): Nonlinearity {
  const bound = attributes.number("clip", undefined);
  return bound === undefined ? (x) => x : (x) => x.maximum(-bound).minimum(bound);
}

/** The projection of the input with both biases. */
function projection({ w, bias }: Weights): (x: Tensor) => Tensor {
  const gates = w.shape[0];
  return (x) => {
    const y = x.matmul(w.transpose());
    return bias ? y.add(part(bias, 0, gates)).add(part(bias, 1, gates)) : y;
  };
}

/** h' = f(x W + h R + b). */
export const rnn: CellKind = {
  activations: ["Tanh"],
  states: 1,
  cell(weights, [f], attributes) {
    const clip = clipper(attributes);
    const turned = weights.r.transpose();
    return { project: projection(weights), step: (input, [h]) => [f(clip(input.add(h.matmul(turned))))] };
  },
};

/** Gates in the order input, output, forget, cell. The cell itself is not clipped, as in ONNX Runtime. */
export const lstm: CellKind = {
  activations: ["Sigmoid", "Tanh", "Tanh"],
  states: 2,
  cell(weights, [f, g, h], attributes) {
    const clip = clipper(attributes);
    const turned = weights.r.transpose();
    const size = turned.shape[0];
    const { peepholes } = weights;
    const peep = (c: Tensor, index: number): Tensor => peepholes ? c.mul(part(peepholes, index, size)) : c.zerosLike();
    const tied = attributes.flag("input_forget");
    const step = (input: Tensor, [output, c]: readonly Tensor[]): readonly Tensor[] => {
      const sums = input.add(output.matmul(turned));
      const open = f(clip(part(sums, 0, size).add(peep(c, 0))));
      const forget = tied ? open.neg().add(1) : f(clip(part(sums, 2, size).add(peep(c, 2))));
      const cell = forget.mul(c).add(open.mul(g(clip(part(sums, 3, size)))));
      const show = f(clip(part(sums, 1, size).add(peep(cell, 1))));
      return [show.mul(h(cell)), cell];
    };
    return { project: projection(weights), step };
  },
};

/** Gates in the order update, reset, hidden. */
export const gru: CellKind = {
  activations: ["Sigmoid", "Tanh"],
  states: 1,
  cell(weights, [f, g], attributes) {
    const clip = clipper(attributes);
    const { w, r, bias } = weights;
    const size = r.shape[1];
    const turned = r.transpose();
    const [gates, candidate] = [part(turned, 0, 2 * size), part(turned, 2, size)];
    const stateBias = bias && part(bias, 1, 3 * size);
    const linear = attributes.flag("linear_before_reset");
    /**
     * If the reset gate is applied after the linear transformation, it also scales the bias of the state's part of the
     * candidate.
     */
    const inner = (x: Tensor): Tensor => stateBias ? x.add(part(stateBias, 2, size)) : x;
    const hidden = (h: Tensor, reset: Tensor): Tensor =>
      linear ? reset.mul(inner(h.matmul(candidate))) : inner(reset.mul(h).matmul(candidate));
    const project = (x: Tensor): Tensor => {
      const y = bias ? x.matmul(w.transpose()).add(part(bias, 0, 3 * size)) : x.matmul(w.transpose());
      const zeros = stateBias && part(stateBias, 0, 2 * size).pad([[0, size]]);
      return zeros ? y.add(zeros) : y;
    };
    const step = (input: Tensor, [h]: readonly Tensor[]): readonly Tensor[] => {
      const opened = f(clip(part(input, 0, 2 * size).add(h.matmul(gates))));
      const [update, reset] = [part(opened, 0, size), part(opened, 1, size)];
      const next = g(clip(part(input, 2, size).add(hidden(h, reset))));
      return [update.neg().add(1).mul(next).add(update.mul(h))];
    };
    return { project, step };
  },
};
