/**
 * Layers one after the other.
 *
 * @module
 */

import { functionKind, objectKind } from "../core/options/kinds.ts";
import { isListOf } from "../core/options/items.ts";
import { custom } from "../core/options/option.ts";
import { checkArgument, checkArguments } from "../core/options/read.ts";
import { refuseSurplus } from "../core/options/surplus.ts";
import type { Layer } from "./layer.ts";

/** A function that makes a layer from the one before it. */
export type NextLayer = (previous: Layer) => Layer;

const layerKind = objectKind<Layer>("a layer", "outputShape", "incoming");

const stepsKind = custom<readonly NextLayer[]>({
  expected: "a list of functions from a layer to the next one, such as (previous) => dropout(previous)",
  accepts: (value): value is readonly NextLayer[] => isListOf(value, functionKind.accepts),
});

/**
 * The last of several layers, each of which takes its input from the one before it. A network finds the others.
 *
 * @throws {TypeError} if a function does not return a layer.
 *
 * @example
 * ```ts
 * import { denseLayer, dropout, inputLayer, logisticRegression, sequential } from "@yadll/yadll/layers";
 * import { network } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const output = sequential(inputLayer({ shape: [null, 784] }), [
 *   (previous) => denseLayer(previous, { nUnits: 100, activation: "relu" }),
 *   (previous) => dropout(previous, { corruptionLevel: 0.5 }),
 *   (previous) => logisticRegression(previous, { nClass: 10 }),
 * ]);
 * assertEquals(network("mlp", output).layers.length, 4);
 * ```
 */
export function sequential(input: Layer, steps: readonly NextLayer[]): Layer {
  refuseSurplus("sequential", arguments, 2);
  checkArgument("connect layers", input, layerKind);
  checkArguments("connect layers", { steps }, stepsKind);
  return steps.reduce((previous, step, i) => {
    const layer = step(previous);
    checkArguments("connect layers", { [`the result of function ${i}`]: layer }, layerKind);
    return layer;
  }, input);
}
