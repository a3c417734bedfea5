/**
 * Rebuilds networks from plain data.
 *
 * @module
 */

import { layerFromConfiguration } from "../../layers/registry.ts";
import type { Layer } from "../../layers/layer.ts";
import { checkConfiguration, type NetworkConfiguration } from "./configuration.ts";
import { Network } from "../network.ts";

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
  const { network: { name, layers } } = checkConfiguration({ network: conf });
  const made = new Map<string, Layer>();
  return layers.reduce((net, { name, kind, incoming, configuration }) => {
    const layer = layerFromConfiguration({ kind, name, configuration }, incoming.map((source) => made.get(source)!));
    made.set(name, layer);
    return net.add(layer);
  }, new Network(name, []));
}
