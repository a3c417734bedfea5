/**
 * The layers of a network as plain data.
 *
 * @module
 */

import type { Layer } from "../layers/layer.ts";
import type { NetworkConfiguration } from "./files/configuration.ts";
import type { NamedLayer } from "./layer_list.ts";

/** The names in a network. */
interface NetworkNames {
  /** Those of the layers. */
  readonly names: ReadonlyMap<Layer, string>;
  /** The names of the layers of the outputs by those of the outputs; false if the last layer is the only output. */
  readonly outputs: Readonly<Record<string, string>> | false;
}

/** The configuration that rebuilds a network. */
export function configurationOfLayers(
  name: string,
  layers: readonly NamedLayer[],
  { names, outputs }: NetworkNames,
): NetworkConfiguration {
  const described = layers.map(({ name, layer: { kind, incoming, configuration } }) => ({
    kind,
    name,
    incoming: incoming.map((one) => names.get(one)!),
    configuration,
  }));
  return { name, layers: described, ...(outputs && { outputs: { ...outputs } }) };
}
