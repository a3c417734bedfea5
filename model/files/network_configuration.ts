/**
 * Rebuilds networks from plain data.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { layerFromConfiguration } from "../../layers/registry.ts";
import type { Layer } from "../../layers/layer.ts";
import { checkConfiguration, type NetworkConfiguration } from "./configuration.ts";
import { LayerList } from "../layer_list.ts";
import { Network } from "../network.ts";
import { makeFrom } from "./schema.ts";

/**
 * The network of a configuration, without weights.
 *
 * @throws {FileFormatError} if a layer does not take its input from a layer before it.
 * @throws {RangeError} for an unknown kind of layer; the message has the nearest known one.
 * @throws {TypeError} if the options of a layer are invalid, or contain a function that does not belong to this
 * library.
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
export function networkFromConf(conf: NetworkConfiguration): Network {
  refuseSurplus("networkFromConf", arguments, 1);
  return networkFrom(checkConfiguration({ network: conf }).network);
}

/**
 * The network of a configuration that was checked.
 *
 * @param file The file that it is from, if it is from one.
 * @throws {FileFormatError} instead of other errors, if there is a file; it names the layer.
 */
export function networkFrom({ name, layers, outputs }: NetworkConfiguration, file?: string): Network {
  const made = new Map<string, Layer>();
  const list = makeFrom({ file, path: "network" }, () => new LayerList(new Network(name, []).name));
  layers.forEach(({ name, kind, incoming, configuration }, i) =>
    makeFrom({ file, path: `network.layers[${i}]` }, () => {
      const layer = layerFromConfiguration({ kind, name, configuration }, incoming.map((source) => made.get(source)!));
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
