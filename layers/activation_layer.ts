/**
 * The activation layer.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import type { Declaration } from "../core/options/option.ts";
import { type LayerOptions, layerOptions, makeLayer, readLayer } from "./define_layer.ts";
import { type Activation, activation, activationName } from "./get_activation.ts";
import type { Layer } from "./layer.ts";
import { valuesActivated } from "./output_values.ts";

/** Options of {@linkcode activationLayer}. */
export interface ActivationLayerOptions extends LayerOptions {
  /** The activation function; default: `linear`. */
  readonly activation?: Activation | undefined;
}

/** The kind of {@linkcode activationLayer}. */
export const activationKind = {
  kind: "Activation",
  options: {
    ...layerOptions,
    activation: activation({ default: "linear", help: "activation function" }),
  } satisfies Declaration<ActivationLayerOptions>,
};

/**
 * Applies an activation function: output = activation(input), of the same shape.
 *
 * @example
 * ```ts
 * import { activationLayer, inputLayer } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = activationLayer(inputLayer({ shape: [null, 2] }), { activation: "relu" });
 * const { output } = layer.apply({}, tensor([[-1, 2]]), { train: false, state: {} });
 * assertEquals(await output.toArray(), [[0, 2]]);
 * ```
 */
export function activationLayer(incoming: Layer, options?: ActivationLayerOptions): Layer {
  refuseSurplus("activationLayer", arguments, 2);
  const { identity, values } = readLayer(activationKind, options, incoming);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: incoming.outputShape,
    forward: (_params, [x]) => x,
    activation: values.activation,
    values: valuesActivated(incoming, values.activation),
    passesRows: activationName(values.activation) === "linear",
  });
}
