/**
 * Networks as plain data, and back.
 *
 * @module
 */

import { layerFromConfiguration } from "../../layers/kinds.ts";
import type { Layer } from "../../layers/layer.ts";
import { checkConfiguration, type NetworkConfiguration } from "./configuration.ts";
import { Network } from "../network.ts";

/**
 * A network of layers as a configuration tells them, without weights.
 *
 * @throws {FileFormatError} if a layer takes its input from none before it.
 * @throws {RangeError} for an unknown kind of layer; the message has the nearest known one.
 * @throws {TypeError} if the options of a layer do not fit, or hold a function that is not of this library.
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
