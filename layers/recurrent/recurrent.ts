/**
 * What all recurrent layers share: the order of time, masks, the gates' products, outputs.
 *
 * @module
 */

import { arange } from "../../core/creation.ts";
import { clipGradient } from "../../core/functions/clip_gradient.ts";
import { concatenate } from "../../core/functions/movement.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { scan } from "../../core/transform.ts";
import { mapTree } from "../../core/tree.ts";
import { checkCount, checkRank, knownExtent, type LayerOptions, makeLayer, type ParameterStart } from "../define.ts";
import { titleOf } from "../define.ts";
import { dense } from "../dense.ts";
import { type Activation, describeActivation, getActivation } from "../get_activation.ts";
import type { Applied, Json, Layer, LayerShape, Mode, Parameters } from "../layer.ts";

/** How a sequence is run through. */
export interface SequenceOptions {
  /** The activation of candidates and, in an LSTM, of the output. */
  readonly activation?: Activation | undefined;
  /** Gives the state after the last step only, [batch, unit]; else all of them, [batch, time, unit]. */
  readonly lastOnly?: boolean | undefined;
  /** From the last step to the first; outputs stay in the order of the input. */
  readonly goBackwards?: boolean | undefined;
  /** Limit of each number of the gradient at each step, before the gates' activations; 0 for none. */
  readonly gradClipping?: number | undefined;
  /** [batch]: lengths of the sequences. The state rests after the end; outputs there are 0. */
  readonly lengths?: Tensor | undefined;
}

/** The state that a cell carries from step to step: at least its output h, [batch, unit]. */
export interface Carry {
  readonly h: Tensor;
  readonly [name: string]: Tensor;
}

/** A step of a cell: its state, and what the step's input contributes to the gates. */
export type Step<C extends Carry> = (carry: C, input: Tensor) => C;

/** x · [W, …] + [b, …] for all steps in one product. */
export function project(x: Tensor, W: readonly Tensor[], b: readonly Tensor[]): Tensor {
  const inOrder = x.transpose([1, 0, 2]); // [time, batch, feature]
  return dense({ W: concatenate(W, 1), b: concatenate(b) }, inOrder);
}

/** Equal parts of the last axis of [batch, gates · unit]. */
export function gates(x: Tensor, count: number): Tensor[] {
  const [batch, width] = x.shape;
  const units = width / count;
  return Array.from({ length: count }, (_, i) => x.slice([0, i * units], [batch, (i + 1) * units]));
}

/** Limits the gradient where a limit is given. */
export function limitGradient(x: Tensor, limit = 0): Tensor {
  return limit === 0 ? x : clipGradient(x, limit);
}

/**
 * Runs a cell over time.
 *
 * @param inputs [time, batch, gates · unit]
 * @returns [batch, unit] for `lastOnly`, else [batch, time, unit]
 */
export function runCell<C extends Carry>(
  inputs: Tensor,
  first: C,
  step: Step<C>,
  { lastOnly = true, goBackwards: reverse = false, lengths }: SequenceOptions,
): Tensor {
  const until = lengths?.cast("i32").reshape([-1, 1]);
  const body = (carry: C, { input, time }: { input: Tensor; time: Tensor }): [C, Tensor | null] => {
    const next = step(carry, input);
    if (!until) return [next, lastOnly ? null : next.h];
    const active = until.greater(time); // [batch, 1]
    const kept = mapTree((after, before) => active.where(after, before), next, carry);
    return [kept, lastOnly ? null : active.where(next.h, 0)];
  };
  const time = arange(inputs.shape[0], undefined, 1, { dtype: "i32" });
  const [last, outputs] = scan(body, first, { input: inputs, time }, { reverse });
  return outputs ? outputs.transpose([1, 0, 2]) : last.h;
}

/** Options of all recurrent layers. */
export interface RecurrentOptions extends LayerOptions, Omit<SequenceOptions, "lengths"> {
  /** The length of the state. */
  readonly nUnits: number;
  /** Units of a dense layer that each output goes through; none where not given. */
  readonly nOut?: number | undefined;
  /** The activation of that dense layer; `linear` where not given. */
  readonly outActivation?: Activation | undefined;
}

/** What distinguishes one kind of recurrent layer from another. */
export interface CellDefinition {
  readonly kind: string;
  readonly defaultActivation: Activation;
  readonly starts: (features: number, units: number, time: number | null) => Record<string, ParameterStart>;
  readonly stateStarts?: (units: number, time: number | null) => Record<string, ParameterStart>;
  readonly run: (params: Parameters, x: Tensor, options: SequenceOptions, mode: Mode) => Tensor | Applied;
  /** Options of its own. */
  readonly configuration?: Readonly<Record<string, Json | undefined>>;
}

/** The input sequences, and perhaps their lengths. */
export type Sequences = Layer | readonly [Layer] | readonly [Layer, Layer];

function outputStarts(nOut: number | undefined, units: number): Record<string, ParameterStart> {
  if (nOut === undefined) return {};
  return { W_y: { from: "glorotUniform", shape: [units, nOut] }, b_y: { from: "constant", shape: [nOut] } };
}

function checkLengths(title: string, lengths: Layer | undefined): void {
  if (!lengths || lengths.outputShape.length === 1) return;
  throw new TypeError(`Cannot make ${title}: expected lengths of [batch], got ${showShape(lengths.outputShape)}`);
}

/** A recurrent layer of a kind. */
export function makeRecurrent(cell: CellDefinition, sequences: Sequences, options: RecurrentOptions): Layer {
  const { nUnits, nOut, activation = cell.defaultActivation, outActivation, name } = options;
  const { lastOnly = true, goBackwards = false, gradClipping = 0 } = options;
  const title = titleOf({ kind: cell.kind, name });
  const incoming: readonly Layer[] = "kind" in sequences ? [sequences] : sequences;
  const shape: LayerShape = incoming[0].outputShape; // [batch, time, feature]
  checkRank(title, shape, ["batch", "time", "feature"]);
  checkLengths(title, incoming[1]);
  checkCount(title, "nUnits", nUnits);
  if (nOut !== undefined) checkCount(title, "nOut", nOut);
  // Activations that cannot be had are told now, not when the layer is applied.
  for (const one of [activation, outActivation ?? "linear"]) getActivation(one);
  if (!(gradClipping >= 0)) throw new RangeError(`Cannot make ${title}: gradClipping must be at least 0`);
  return makeLayer({
    kind: cell.kind,
    name,
    incoming,
    outputShape: [shape[0], ...(lastOnly ? [] : [shape[1]]), nOut ?? nUnits],
    configuration: {
      ...{ nUnits, nOut, lastOnly, goBackwards, gradClipping, ...cell.configuration },
      activation: describeActivation(activation),
      outActivation: outActivation && describeActivation(outActivation),
    },
    parameters: { ...cell.starts(knownExtent(title, shape, 2), nUnits, shape[1]), ...outputStarts(nOut, nUnits) },
    state: cell.stateStarts?.(nUnits, shape[1]) ?? {},
    forward: (params, [x, lengths], mode) => {
      const run = cell.run(params, x, { activation, lastOnly, goBackwards, gradClipping, lengths }, mode);
      if (nOut === undefined) return run;
      const map = (h: Tensor) => dense({ W: params.W_y, b: params.b_y }, h, outActivation);
      return "output" in run ? { ...run, output: map(run.output) } : map(run);
    },
  });
}
