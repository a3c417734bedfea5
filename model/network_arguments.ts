/**
 * The arguments of networks, declared.
 *
 * @module
 */

import { isListOf } from "../core/options/items.ts";
import { listKind, objectKind, tensorKind, tensorOption } from "../core/options/kinds.ts";
import { custom, type Declaration, type Option } from "../core/options/option.ts";
import { flag, list, text } from "../core/options/values.ts";
import { showValue } from "../core/options/show.ts";
import { samplesKind } from "../data/samples.ts";
import type { NetworkInput } from "./forward.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Layer } from "../layers/layer.ts";
import { isPlainRecord } from "./files/json.ts";
import type { NamedLayer } from "./layer_list.ts";
import type { NetworkState } from "./weights.ts";

/** The inputs of a network. */
export const inputsKind = listKind("tensors, one for each input,");
/** The name of a network or of a layer. */
export const nameKind = text();
/** The layers of a network. */
export const layersKind = listKind("layers");
/** A layer. */
export const layerKind = objectKind<Layer>("a layer", "outputShape", "incoming");

/** Layers by the names of the outputs that they return. */
export const outputLayersKind = custom<Readonly<Record<string, Layer>>>({
  expected: "a record of layers by the names of the outputs",
  accepts: (value): value is Readonly<Record<string, Layer>> =>
    isPlainRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(layerKind.accepts),
});

/** Records of the tensors of each layer. */
function ofLayers(expected: string): Option<NetworkState> {
  return custom<NetworkState>({
    expected,
    accepts: (value): value is NetworkState =>
      isPlainRecord(value) && Object.values(value).every((own) => isPlainRecord(own)),
  });
}

/** The parameters of a network. */
export const paramsKind = ofLayers("the parameters of its layers");
/** A mode, whose parts are checked afterwards. */
export const modeKind = objectKind("a mode such as { train: false, state: network.state }", "state");
/** The weights of a network, whose parts are checked afterwards. */
export const weightsKind = objectKind("weights, with params and state", "params", "state");
/** The state of a network. */
export const stateKind = ofLayers("the state of its layers as mode.state");

/** Layers with their names. */
export const namedLayersKind = custom<readonly NamedLayer[]>({
  expected: "a list of layers and their names",
  accepts: (value): value is readonly NamedLayer[] =>
    isListOf(value, (one) => typeof one === "object" && one !== null && "layer" in one && "name" in one),
});

/** The mode in which a network is applied. */
export interface NetworkMode {
  /** Whether this is training: dropout drops, running statistics are updated. */
  readonly train: boolean;
  /** Random key; needed in training by layers that draw random numbers. */
  readonly key?: Tensor | undefined;
  /** The state of the layers. */
  readonly state: NetworkState;
}

/** {@linkcode NetworkMode}, declared. */
export const modeOptions = {
  train: flag({ required: true, help: "whether this is training" }),
  key: tensorOption({ help: "random key" }),
  state: custom<NetworkState>(stateKind, { required: true, help: "state of the layers" }),
} satisfies Declaration<NetworkMode>;

/** The mode in which layers of a network are applied, and which of them. */
export interface LayersMode extends NetworkMode {
  /** The names of the layers whose outputs are wanted (default: the outputs of the network). */
  readonly layers?: readonly string[] | undefined;
}

/** {@linkcode LayersMode}, declared. */
export const layersModeOptions = {
  ...modeOptions,
  layers: list(text(), {
    items: "names of layers",
    otherwise: "the outputs of the network",
    help: "names of the layers whose outputs are wanted",
  }),
} satisfies Declaration<LayersMode>;

/** Throws for samples instead of tensors: only models know how they are scaled. */
export function refuseSamples(title: string, input: NetworkInput): void {
  if (typeof input !== "object" || input === null || tensorKind.accepts(input)) return;
  const samples = [input, ...Object.values(input)].find((one) => samplesKind.accepts(one));
  if (samples === undefined) return;
  throw new TypeError(
    `Cannot compute the output of ${title}: expected tensors, got ${
      showValue(samples)
    }; pass samples to getOutput of ` +
      "the model, which scales them, or make a tensor of them, tensor(values, shape)",
  );
}
