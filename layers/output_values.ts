/**
 * What the values of a layer's output are. Objectives and metrics are checked against it, and each layer declares it once.
 *
 * @module
 */

import { type Activation, type ActivationName, activationName } from "./get_activation.ts";
import type { Layer, LayerShape } from "./layer.ts";

/**
 * The values of an output: those of an activation, numbers from 0 to 1 (`shares`), numbers of any size (`any`), those of
 * the data (`data`), or `unknown`, such as those of a function of your own.
 */
export type OutputValues = ActivationName | "shares" | "any" | "data" | "unknown";

/** Values that are all from 0 to 1. */
const SHARES: ReadonlySet<OutputValues> = new Set(["sigmoid", "ultraFastSigmoid", "softmax", "shares"]);

/** Whether values are all from 0 to 1. */
export function areShares(values: OutputValues): boolean {
  return SHARES.has(values);
}

/** Whether nothing is known about values before the data are read. */
export function areUnknown(values: OutputValues): boolean {
  return values === "unknown" || values === "data";
}

/** The values of a layer's output; those of your own layers are unknown. */
export function valuesOf({ outputValues = "unknown" }: Layer): OutputValues {
  return outputValues;
}

/** The values of an activation. */
export function valuesAfter(activation: Activation): OutputValues {
  return activationName(activation) ?? "unknown";
}

/** The values of an activation that were multiplied by gates, or mixed by them, from 0 to 1. */
export function valuesAfterGates(activation: Activation): OutputValues {
  return inParts(valuesAfter(activation));
}

/** Values whose rows were taken apart: the sums of rows are not kept. */
function inParts(values: OutputValues): OutputValues {
  return areShares(values) ? "shares" : values;
}

/** The values of the input in another shape. Rows of a softmax remain rows if the last extent is kept. */
export function valuesReshaped(incoming: Layer, outputShape: LayerShape): OutputValues {
  const values = valuesOf(incoming);
  return values !== "softmax" || keepsRows(incoming, outputShape) ? values : "shares";
}

/** Whether the rows of an input, its last axis, are rows in another shape, too. */
export function keepsRows({ outputShape: before }: Layer, after: LayerShape): boolean {
  const extent = after.at(-1);
  return typeof extent === "number" && before.at(-1) === extent;
}

/** Activations that change no number from 0 on. */
const FROM_ZERO: ReadonlySet<OutputValues> = new Set(["relu", "elu"]);

/** The values of an activation of the output of a layer: those of the layer if it does not change them. */
export function valuesActivated(incoming: Layer, activation: Activation): OutputValues {
  const [before, after] = [valuesOf(incoming), valuesAfter(activation)];
  return after === "linear" || areShares(before) && FROM_ZERO.has(after) ? before : after;
}

/** The maxima or means of values. */
export function valuesPooled(incoming: Layer): OutputValues {
  return inParts(valuesOf(incoming));
}

/** The values of several outputs side by side: unknown if one is, and from 0 to 1 if all are. */
export function valuesJoined(incoming: readonly Layer[]): OutputValues {
  const all = incoming.map(valuesOf);
  // Rows of a softmax that are joined are no longer one row.
  if (all.every((one) => one === all[0])) return all[0] === "softmax" && all.length > 1 ? "shares" : all[0];
  if (all.some(areUnknown)) return "unknown";
  return all.every(areShares) ? "shares" : "any";
}
