/**
 * The layers of a network, from a list of layers or from those that return its outputs.
 *
 * @module
 */

import { checkArgument } from "../core/options/read.ts";
import type { Layer } from "../layers/layer.ts";
import { findLayers } from "./find_layers.ts";
import { LayerList, type NamedLayer } from "./layer_list.ts";
import { layerKind, layersKind, outputLayersKind } from "./network_arguments.ts";

/** All layers of a network, and the names of those of its outputs by the names of these. */
export interface GivenLayers {
  readonly layers: readonly NamedLayer[];
  /** `undefined` if the last layer returns the only output. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/**
 * The layers that are given, or found from one layer, or from those of the outputs by name.
 *
 * @throws {TypeError} if they are no layers.
 */
export function givenLayers(
  name: string,
  given: readonly Layer[] | Layer | Readonly<Record<string, Layer>>,
): GivenLayers {
  const list = new LayerList(name);
  if (layerKind.accepts(given)) {
    findLayers([given]).forEach((layer) => list.add(layer));
    return list;
  }
  if (outputLayersKind.accepts(given)) {
    findLayers(Object.values(given)).forEach((layer) => list.add(layer));
    const nameOf = (layer: Layer): string => list.layers.find((one) => one.layer === layer)!.name;
    const outputs = Object.fromEntries(Object.entries(given).map(([output, layer]) => [output, nameOf(layer)]));
    return { layers: list.layers, outputs };
  }
  checkArgument("make a network", given, layersKind);
  // Holes, too, are no layers.
  for (const layer of given) list.add(layer);
  return list;
}
