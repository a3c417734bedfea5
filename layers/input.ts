/**
 * The input layer.
 *
 * @module
 */

import { type LayerOptions, makeLayer } from "./define.ts";
import type { Layer, LayerShape } from "./layer.ts";

/** Options of {@linkcode inputLayer}. */
export interface InputOptions extends LayerOptions {
  /** The shape of the data; null for an extent that may be any, such as that of the batch. */
  readonly shape: LayerShape;
}

/**
 * The first layer of a network: says what its input looks like, and hands it on.
 *
 * @example
 * ```ts
 * import { inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(inputLayer({ shape: [null, 784] }).outputShape, [null, 784]);
 * ```
 */
export function inputLayer({ shape, name }: InputOptions): Layer {
  return makeLayer({
    kind: "InputLayer",
    name,
    incoming: [],
    inputShapes: [shape],
    outputShape: shape,
    configuration: { shape },
    forward: (_params, [x]) => x,
  });
}
