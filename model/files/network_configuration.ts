/**
 * Rebuilds networks from plain data.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { readOptions } from "../../core/options/read.ts";
import type { Layer } from "../../layers/layer.ts";
import { checkConfiguration, type NetworkConfiguration } from "./configuration.ts";
import { LayerList } from "../layer_list.ts";
import { Network } from "../network.ts";
import { layerFrom } from "./own_layer.ts";
import { type OwnParts, ownPartsOptions } from "./own_parts.ts";
import { makeFrom } from "./schema.ts";

/**
 * The network of a configuration, without weights.
 *
 * @param own your own layers, and functions in the options of layers, which the configuration only names
 * @throws {FileFormatError} if a layer does not take its input from a layer before it.
 * @throws {RangeError} for an unknown kind of layer; the message has the nearest known one.
 * @throws {TypeError} if the options of a layer are invalid, or contain a function that is neither of this library nor
 * among `own.functions`.
 *
 * @example
 * ```ts
 * import { network, networkFromConf } from "@yadll/yadll/model";
 * import { denseLayer, inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 4] });
 * const conf = network("small", [input, denseLayer(input, { nUnits: 3 })]).toConf();
 * const [inputConf, dense] = conf.layers;
 * const wider = { ...dense, configuration: { ...dense.configuration, nUnits: 7 } };
 * assertEquals(networkFromConf({ ...conf, layers: [inputConf, wider] }).outputShape, [null, 7]);
 * ```
 */
export function networkFromConf(conf: NetworkConfiguration, own: Pick<OwnParts, "layers" | "functions"> = {}): Network {
  refuseSurplus("networkFromConf", arguments, 2);
  const { layers, functions } = ownPartsOptions;
  readOptions("make a network", { layers, functions }, own);
  return networkFrom(checkConfiguration({ network: conf }).network, { own });
}

/** What a network is made with. */
export interface MakingNetwork {
  /** The file that the configuration is from, if it is from one. */
  readonly file?: string | undefined;
  /** The user's own layers and functions. */
  readonly own?: OwnParts | undefined;
}

/**
 * The network of a configuration that was checked.
 *
 * @throws {FileFormatError} instead of other errors, if there is a file; it names the layer.
 */
export function networkFrom(
  { name, layers, outputs }: NetworkConfiguration,
  { file, own = {} }: MakingNetwork = {},
): Network {
  const made = new Map<string, Layer>();
  const list = makeFrom({ file, path: "network" }, () => new LayerList(new Network(name, []).name));
  layers.forEach(({ name, kind, incoming, configuration }, i) =>
    makeFrom({ file, path: `network.layers[${i}]` }, () => {
      const layer = layerFrom({ kind, name, configuration }, incoming.map((source) => made.get(source)!), own);
      made.set(name, layer);
      list.add(layer);
    })
  );
  const end = otherEnd(layers, outputs);
  return new Network(name, list.layers, undefined, end === undefined ? { outputs } : { end: made.get(end) });
}

/** The layer of the only output, if it is not the last one, as `withOutput` leaves it, and its name is that of the output. */
function otherEnd(
  layers: NetworkConfiguration["layers"],
  outputs: NetworkConfiguration["outputs"],
): string | undefined {
  const [[output, layer] = [], ...others] = Object.entries(outputs ?? {});
  return others.length === 0 && output === layer && layer !== layers.at(-1)?.name ? layer : undefined;
}
