/**
 * Shared by all recurrent layers: the order of time steps, masks, products for the gates, and outputs.
 *
 * @module
 */

import { arange } from "../../core/creation.ts";
import { checkedIndices } from "../../core/functions/checked_indices.ts";
import { clipGradient } from "../../core/functions/clip_gradient.ts";
import { concatenate } from "../../core/functions/movement.ts";
import { tensorOption } from "../../core/options/kinds.ts";
import { count, finite } from "../../core/options/numbers.ts";
import type { Declaration, OptionValues } from "../../core/options/option.ts";
import { flag } from "../../core/options/values.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { scan } from "../../core/scan.ts";
import { mapTree } from "../../core/tree.ts";
import {
  checkRank,
  knownExtent,
  type LayerOptions,
  layerOptions,
  makeLayer,
  type ParameterStart,
} from "../define_layer.ts";
import type { ReadLayer } from "../define_layer.ts";
import { dense } from "../dense.ts";
import { type Activation, activation } from "../get_activation.ts";
import type { Applied, Layer, LayerShape, Mode, Parameters } from "../layer.ts";
import type { OutputValues } from "../output_values.ts";

/** How a sequence is processed. */
export interface SequenceOptions {
  /** The activation of candidates and, in an LSTM, of the output; default: `tanh`, or `sigmoid` for {@linkcode rnn}. */
  readonly activation?: Activation | undefined;
  /**
   * Whether to return only the state after the last step, [batch, unit], or all states, [batch, time, unit]; default:
   * true.
   */
  readonly lastOnly?: boolean | undefined;
  /** Whether to run from the last step to the first; default: false. Outputs keep the order of the input. */
  readonly goBackwards?: boolean | undefined;
  /**
   * The limit of the gradient at each step, with 0 for no limit; default: 0. It applies to each number, before the
   * activations of the gates.
   */
  readonly gradClipping?: number | undefined;
  /**
   * The lengths of the sequences, [batch]: whole numbers up to the number of steps; default: all steps. After the end,
   * the state does not change, and outputs are 0. Other lengths are refused: at the call if the host has them, otherwise
   * at the next read.
   */
  readonly lengths?: Tensor | undefined;
}

const common = {
  lastOnly: flag({ default: true, help: "whether to return only the state after the last step" }),
  goBackwards: flag({ default: false, help: "whether to run from the last step to the first" }),
  gradClipping: finite({
    least: 0,
    default: 0,
    infinite: true,
    help: "limit of the gradient at each step, with 0 for no limit",
  }),
};

/** {@linkcode SequenceOptions}, declared. */
export const sequenceOptions = {
  activation: activation({ default: "tanh", help: "activation of candidates" }),
  ...common,
  lengths: tensorOption({ otherwise: "all steps", help: "lengths of the sequences" }),
} satisfies Declaration<SequenceOptions>;

/** How a sequence is processed, as it was read. */
export type Sequence = OptionValues<typeof sequenceOptions>;

/** The state that a cell passes from step to step: at least its output h, [batch, unit]. */
export interface Carry {
  readonly h: Tensor;
  readonly [name: string]: Tensor;
}

/** A step of a cell, from its state and the contribution of the step's input to the gates. */
export type Step<C extends Carry> = (carry: C, input: Tensor) => C;

/** x · [W, …] + [b, …] for all steps in one product. */
export function project(x: Tensor, W: readonly Tensor[], b: readonly Tensor[]): Tensor {
  const inOrder = x.transpose([1, 0, 2]); // [time, batch, feature]
  return dense({ W: concatenate(W, 1), b: concatenate(b) }, inOrder);
}

/**
 * The steps before the ends of the sequences; 0 after that, where padding may be anything: the gradient of the weights is
 * a sum of products with all steps, and 0 · NaN is NaN.
 */
export function withoutPadding(x: Tensor, lengths: Tensor | undefined): Tensor {
  if (!lengths) return x;
  return untilEnds(x, checkedLengths(x, lengths));
}

/** [batch, time, unit] before the ends of the sequences; 0 after that. */
function untilEnds(x: Tensor, lengths: Tensor): Tensor {
  return isBefore(x.indexAlong(1), lengths.reshape([-1, 1, 1]).broadcastTo(x.shape)).where(x, 0);
}

/** The lengths, checked at the call if the host has them, otherwise in the kernel that uses the result. */
function checkedLengths(x: Tensor, lengths: Tensor): Tensor {
  const [batch, time] = x.shape;
  if (!sameShape(lengths.shape, [batch])) {
    throw new TypeError(
      `Cannot run a recurrent layer: expected the lengths of ${batch} sequences, of shape ${showShape([batch])}, got ${
        showShape(lengths.shape)
      }`,
    );
  }
  return checkedIndices(lengths, {
    size: time + 1,
    action: "run a recurrent layer over a sequence of length",
    table: `an input of ${time} steps`,
    entries: "possible lengths",
  });
}

/** Whether steps are before the ends, without a kernel that would convert the lengths to whole numbers. */
function isBefore(time: Tensor, lengths: Tensor): Tensor {
  return time.add(1).lessEqual(lengths);
}

/** Splits the last axis of [batch, gates · unit] into equal parts. */
export function gates(x: Tensor, count: number): Tensor[] {
  const [batch, width] = x.shape;
  const units = width / count;
  return Array.from({ length: count }, (_, i) => x.slice([0, i * units], [batch, (i + 1) * units]));
}

/** Limits the gradient; 0 for no limit. */
export function limitGradient(x: Tensor, limit: number): Tensor {
  return limit === 0 ? x : clipGradient(x, limit);
}

/**
 * Runs a cell over time.
 *
 * @param inputs [time, batch, gates · unit]
 * @returns [batch, unit] if `lastOnly`, otherwise [batch, time, unit]
 */
export function runCell<C extends Carry>(
  inputs: Tensor,
  first: C,
  step: Step<C>,
  { lastOnly, goBackwards: reverse, lengths }: Omit<Sequence, "activation">,
): Tensor {
  const until = lengths?.reshape([-1, 1]);
  const body = (carry: C, { input, time }: { input: Tensor; time: Tensor }): [C, Tensor | null] => {
    const next = step(carry, input);
    if (!until) return [next, lastOnly ? null : next.h];
    const active = isBefore(time, until); // [batch, 1]
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
  /** Units of a dense layer applied to each output; default: no such layer. */
  readonly nOut?: number | undefined;
  /** The activation of the dense layer of `nOut`; default: `linear`. */
  readonly outActivation?: Activation | undefined;
}

/** The options of all recurrent layers that precede those of single kinds. */
export const recurrentOptions = {
  ...layerOptions,
  nUnits: count({ required: true, help: "length of the state" }),
  nOut: count({ otherwise: "no such layer", help: "units of a dense layer applied to each output" }),
  ...common,
};

/** The options of all recurrent layers that follow those of single kinds. */
export const recurrentActivations = {
  activation: sequenceOptions.activation,
  outActivation: activation({ default: "linear", help: "activation of the dense layer of nOut" }),
};

/** Options that the configurations of recurrent layers contain only if they were given. */
export const onlyGivenRecurrent = ["outActivation"] as const;

type AllOptions = typeof recurrentOptions & typeof recurrentActivations;

/** The differences of a kind of recurrent layer from the others. */
export interface CellDefinition {
  /** The values of the state, from the activation of the cell. */
  readonly values: (activation: Activation) => OutputValues;
  readonly starts: (features: number, units: number) => Record<string, ParameterStart>;
  readonly stateStarts?: (units: number, time: number | null) => Record<string, ParameterStart>;
  readonly run: (params: Parameters, x: Tensor, run: Run) => Tensor | Applied;
}

/** How a cell is run: the options of the sequence, and the mode of the layer. */
export interface Run {
  readonly sequence: Sequence;
  readonly mode: Mode;
}

/** The input sequences, optionally with their lengths. */
export type Sequences = Layer | readonly [Layer] | readonly [Layer, Layer];

function outputStarts(nOut: number | undefined, units: number): Record<string, ParameterStart> {
  if (nOut === undefined) return {};
  return { W_y: { from: "glorotUniform", shape: [units, nOut] }, b_y: { from: "constant", shape: [nOut] } };
}

function checkLengths(title: string, lengths: Layer | undefined): void {
  if (!lengths || lengths.outputShape.length === 1) return;
  throw new TypeError(`Cannot make ${title}: expected lengths of [batch], got ${showShape(lengths.outputShape)}`);
}

/** Makes a recurrent layer of a kind. */
export function makeRecurrent(
  cell: CellDefinition,
  sequences: Sequences,
  { identity, title, values }: ReadLayer<AllOptions>,
): Layer {
  const { nUnits, nOut, activation, outActivation, lastOnly, goBackwards, gradClipping } = values;
  const incoming: readonly Layer[] = "kind" in sequences ? [sequences] : sequences;
  if (incoming.length < 1 || incoming.length > 2) {
    throw new TypeError(
      `Cannot make ${title}: expected sequences, or sequences and their lengths, got ${incoming.length} layers`,
    );
  }
  const shape: LayerShape = incoming[0].outputShape; // [batch, time, feature]
  checkRank(title, shape, ["batch", "time", "feature"]);
  checkLengths(title, incoming[1]);
  return makeLayer(identity, {
    incoming,
    outputShape: [shape[0], ...(lastOnly ? [] : [shape[1]]), nOut ?? nUnits],
    parameters: { ...cell.starts(knownExtent(title, shape, 2), nUnits), ...outputStarts(nOut, nUnits) },
    state: cell.stateStarts?.(nUnits, shape[1]) ?? {},
    ...(nOut === undefined ? { values: cell.values(activation) } : { activation: outActivation }),
    forward: (params, [x, lengths], mode) => {
      const sequence = { activation, lastOnly, goBackwards, gradClipping, lengths };
      const run = cell.run(params, x, { sequence, mode });
      if (nOut === undefined) return run;
      const map = (h: Tensor) => {
        const y = dense({ W: params.W_y, b: params.b_y }, h);
        return lengths && !lastOnly ? untilEnds(y, lengths) : y;
      };
      return "output" in run ? { ...run, output: map(run.output) } : map(run);
    },
  });
}
