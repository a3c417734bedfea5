/**
 * The activation layer.
 *
 * @module
 */

import { type LayerOptions, makeLayer } from "./define.ts";
import { type Activation, describeActivation } from "./get_activation.ts";
import type { Layer } from "./layer.ts";

/** Options of {@linkcode activationLayer}. */
export interface ActivationLayerOptions extends LayerOptions {
  /** The activation function; linear where not given. */
  readonly activation?: Activation | undefined;
}

/**
 * Applies an activation function to its input; the shape stays.
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
export function activationLayer(
  incoming: Layer,
  { activation = "linear", name }: ActivationLayerOptions = {},
): Layer {
  return makeLayer({
    kind: "Activation",
    name,
    incoming: [incoming],
    outputShape: incoming.outputShape,
    configuration: { activation: describeActivation(activation) },
    forward: (_params, [x]) => x,
    activation,
  });
}
