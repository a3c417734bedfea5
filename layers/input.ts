/**
 * The input layer.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import type { Declaration } from "../core/options/option.ts";
import { openShape } from "../core/options/shapes.ts";
import { type LayerOptions, layerOptions, makeLayer, readLayer } from "./define_layer.ts";
import type { Layer, LayerShape } from "./layer.ts";

/** Options of {@linkcode inputLayer}. */
export interface InputOptions extends LayerOptions {
  /** The shape of the data; null for an extent that may vary, such as that of the batch. */
  readonly shape: LayerShape;
}

/** The kind of {@linkcode inputLayer}. */
export const inputKind = {
  kind: "InputLayer",
  options: {
    ...layerOptions,
    shape: openShape({ least: 0, required: true, help: "shape of the data" }),
  } satisfies Declaration<InputOptions>,
};

/**
 * The first layer of a network, which declares the shape of the data and passes them on.
 *
 * @example
 * ```ts
 * import { inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(inputLayer({ shape: [null, 784] }).outputShape, [null, 784]);
 * ```
 */
export function inputLayer(options: InputOptions): Layer {
  refuseSurplus("inputLayer", arguments, 1);
  const { identity, values: { shape } } = readLayer(inputKind, options);
  return makeLayer(identity, {
    incoming: [],
    inputShapes: [shape],
    outputShape: shape,
    values: "data",
    forward: (_params, [x]) => x,
  });
}
