/**
 * All tensors of a network by layer, for files: parameters and state, such as running means, side by side, like in a
 * PyTorch state dictionary.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { Weights } from "../weights.ts";

/** Tensors by layer and name. */
export type LayerTensors = Readonly<Record<string, Readonly<Record<string, Tensor>>>>;

/**
 * All tensors of a network.
 *
 * @throws {TypeError} if a layer uses the same name for a parameter and for state.
 */
export function joinTensors({ params, state }: Weights): LayerTensors {
  const layers = new Set([...Object.keys(params), ...Object.keys(state)]);
  return Object.fromEntries(Array.from(layers, (layer) => [layer, joinLayer(layer, params[layer], state[layer])]));
}

function joinLayer(layer: string, params: LayerTensors[string] = {}, state: LayerTensors[string] = {}) {
  const twice = Object.keys(params).find((name) => Object.hasOwn(state, name));
  if (twice === undefined) return { ...params, ...state };
  throw new TypeError(
    `Cannot write layer ${JSON.stringify(layer)}: expected different names for its parameters and its state, got ` +
      `${JSON.stringify(twice)} twice`,
  );
}

/** The weights with these tensors, split into parameters and state like `like`. */
export function splitTensors(tensors: LayerTensors, like: Weights): Weights {
  const pick = (part: Weights["params"]) =>
    Object.fromEntries(
      Object.entries(part).map(([layer, own]) => [
        layer,
        Object.fromEntries(Object.keys(own).map((name) => [name, tensors[layer][name]])),
      ]),
    );
  return { params: pick(like.params), state: pick(like.state) };
}
