/**
 * Recurrent operators: directions, lengths of sequences, initial states. The cells are in `cells.ts`.
 *
 * @module
 */

import { scan, stack, type Tensor, where } from "../../../core/mod.ts";
import type { Attributes } from "../attributes.ts";
import type { Inputs, Operator, Operators } from "../operator.ts";
import { Unsupported } from "../unsupported.ts";
import { type Activation, activationTable } from "./activations.ts";
import { type Cell, type CellKind, gru, lstm, type Nonlinearity, rnn } from "./cells.ts";

const directions: Readonly<Record<string, readonly ("forward" | "reverse")[]>> = {
  forward: ["forward"],
  reverse: ["reverse"],
  bidirectional: ["forward", "reverse"],
};

/** Parameters of activations, in the order of the activations that have one. */
class Scales {
  readonly #values: readonly number[];
  readonly #perActivation: boolean;
  #next = 0;

  constructor(values: readonly number[], activations: number) {
    this.#values = values;
    this.#perActivation = values.length === activations;
  }

  /** The parameter of activation `position`, which has none if `otherwise` is absent. */
  take(position: number, otherwise: number | undefined): number {
    if (otherwise === undefined) return 0;
    return this.#values[this.#perActivation ? position : this.#next++] ?? otherwise;
  }
}

function activationNamed(name: string): Activation {
  // The names are written in lower case as well.
  const known = Object.keys(activationTable).find((one) => one.toLowerCase() === name.toLowerCase());
  if (known === undefined) throw new Unsupported(`activation ${name}`);
  return activationTable[known];
}

/** The nonlinearities of all directions, one after the other. */
function nonlinearities(attributes: Attributes, defaults: readonly string[], count: number): Nonlinearity[] {
  const names = attributes.texts("activations") ?? Array.from({ length: count }, () => defaults).flat();
  const alphas = new Scales(attributes.numbers("activation_alpha") ?? [], names.length);
  const betas = new Scales(attributes.numbers("activation_beta") ?? [], names.length);
  return names.map((name, i) => {
    const { apply, alpha, beta } = activationNamed(name);
    const [a, b] = [alphas.take(i, alpha), betas.take(i, beta)];
    return (x) => apply(x, a, b);
  });
}

/** The inputs of one direction. */
interface Direction {
  /** [time, batch, input] */
  readonly x: Tensor;
  /** Lengths of the sequences, [batch, 1]. */
  readonly lengths: Tensor | undefined;
  readonly reverse: boolean;
  readonly cell: Cell;
  /** Each [batch, hidden]. */
  readonly states: readonly Tensor[];
}

/** All outputs, [time, batch, hidden], and the last states. Past its end a sequence keeps its state, and its outputs are 0. */
function runDirection({ x, lengths, reverse, cell, states }: Direction): [Tensor, readonly Tensor[]] {
  const projected = cell.project(x);
  const at = x.slice([0, 0, 0], [x.shape[0], 1, 1]).indexAlong(0);
  type Step = { readonly input: Tensor; readonly at: Tensor };
  const body = (carry: readonly Tensor[], step: Step): [readonly Tensor[], Tensor] => {
    const next = cell.step(step.input, carry);
    if (!lengths) return [next, next[0]];
    const inside = step.at.less(lengths);
    return [next.map((state, i) => where(inside, state, carry[i])), where(inside, next[0], 0)];
  };
  const [last, outputs] = scan(body, states, { input: projected, at }, { reverse });
  return [outputs, last];
}

/** The part of an input with weights that belongs to a direction. */
function partOf(whole: Tensor | undefined, direction: number): Tensor | undefined {
  return whole?.slice([direction], [direction + 1]).squeeze(0);
}

const recurrent = (kind: CellKind): Operator => (inputs: Inputs, attributes: Attributes) => {
  const layout = attributes.flag("layout");
  const first = (x: Tensor): Tensor => layout ? x.transpose([1, 0, 2]) : x;
  const x = first(inputs.tensor(0));
  const [w, r] = [inputs.tensor(1), inputs.tensor(2)];
  const batch = x.shape[1];
  const hidden = r.shape[2];
  const named = attributes.text("direction", "forward");
  if (!Object.hasOwn(directions, named)) throw new Unsupported(`direction ${named}`);
  const several = directions[named];
  const functions = nonlinearities(attributes, kind.activations, several.length);
  const initial = Array.from({ length: kind.states }, (_, i) => inputs.optional(5 + i)).map((state) =>
    state && first(state)
  );
  const each = several.map((direction, i) => {
    const bias = partOf(inputs.optional(3), i);
    const weights = { w: partOf(w, i)!, r: partOf(r, i)!, bias, peepholes: partOf(inputs.optional(7), i) };
    const zero = r.slice([0, 0, 0], [1, 1, hidden]).reshape([1, hidden]).zerosLike().broadcastTo([batch, hidden]);
    return runDirection({
      x,
      lengths: inputs.optional(4)?.reshape([-1, 1]),
      reverse: direction === "reverse",
      cell: kind.cell(weights, functions.slice(i * kind.activations.length), attributes),
      states: initial.map((state) => partOf(state, i) ?? zero),
    });
  });
  // [time, directions, batch, hidden], or [batch, time, directions, hidden]
  const outputs = stack(each.map(([all]) => all), 1);
  const last = Array.from({ length: kind.states }, (_, i) => first(stack(each.map(([, states]) => states[i]))));
  return [layout ? outputs.transpose([2, 0, 1, 3]) : outputs, ...last];
};

/** Operators by name. */
export const recurrences: Operators = { RNN: recurrent(rnn), LSTM: recurrent(lstm), GRU: recurrent(gru) };
