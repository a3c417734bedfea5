/**
 * Networks: named layers, connected to each other.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { isWebFile, type WebFile, type WritableFile } from "../core/web_file.ts";
import { suggestName } from "../core/nearest.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { checkArgument, checkArguments, readOptions } from "../core/options/read.ts";
import { key as randomKey } from "../core/random/bits.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { titleOf } from "../layers/define_layer.ts";
import type { Layer, LayerShape } from "../layers/layer.ts";
import type { NetworkConfiguration } from "./files/configuration.ts";
import { readParameters, writeParameters } from "./files/parameters.ts";
import { joinTensors, splitTensors } from "./files/layer_tensors.ts";
import type { ReadOptions } from "./files/read_options.ts";
import { logitsPath } from "./find_layers.ts";
import { type End, type Forward, forward, type NetworkInput, type Pass } from "./forward.ts";
import { givenLayers } from "./given_layers.ts";
import { LayerList, type NamedLayer, titleOfNetwork } from "./layer_list.ts";
import {
  type LayersMode,
  layersModeOptions,
  namedLayersKind,
  nameKind,
  type NetworkMode,
  paramsKind,
  refuseSamples,
} from "./network_arguments.ts";
import { checkWeights, initialWeights } from "./initial_weights.ts";
import type { LayersApplied, NetworkApplied, NetworkEnds } from "./network_results.ts";
import { configurationOfLayers } from "./layer_configuration.ts";
import { summarize } from "./summary.ts";
import type { NetworkParameters, NetworkState, Weights } from "./weights.ts";

/**
 * Layers in the order in which they compute; the last one returns the output. Immutable: methods that change something
 * return a new network. It may have the weights of its layers.
 */
export class Network {
  readonly #names: ReadonlyMap<Layer, string>;
  readonly #end: Layer | undefined;
  /** The layers of the outputs by the names of these; `undefined` if the last layer returns the only output. */
  readonly namedOutputs: Readonly<Record<string, string>> | undefined;
  /** {@linkcode apply} outside training, compiled when it is first called. */
  #compiled = jit(({ params, state }: Weights, input: NetworkInput) =>
    this.apply(params, input, { train: false, state }).output
  );
  /** The same for all outputs. */
  #allCompiled = jit(({ params, state }: Weights, input: NetworkInput) =>
    this.applyLayers(params, input, { train: false, state }).outputs
  );

  /** Creates a network from named layers; call {@linkcode network} instead. */
  constructor(
    /** The name in files and reports. */
    readonly name: string,
    /** The layers and their names. */
    readonly layers: readonly NamedLayer[],
    /** The weights of the layers, if it was trained or loaded. */
    readonly weights?: Weights | undefined,
    { outputs, end }: NetworkEnds = {},
  ) {
    checkArguments("make a network", { name }, nameKind);
    checkArguments("make a network", { layers }, namedLayersKind);
    this.#names = new Map(layers.map(({ layer, name }) => [layer, name]));
    this.namedOutputs = outputs;
    const ends = Object.values(outputs ?? {}).map((layer) => this.getLayer(layer));
    this.#end = end ?? (ends.length === 1 ? ends[0] : undefined);
  }

  /** The names of the inputs: those of the input layers, in order. */
  get inputNames(): readonly string[] {
    return this.layers.filter(({ layer }) => layer.incoming.length === 0).map(({ name }) => name);
  }

  /** The names of the outputs; the only output of a network has the name of its layer. */
  get outputNames(): readonly string[] {
    return Object.keys(this.#outputs);
  }

  /**
   * The same network with only one of its outputs.
   *
   * @throws {RangeError} if there is no output of this name; the message has the nearest one.
   */
  withOutput(name: string): Network {
    checkArguments("find an output", { name }, nameKind);
    const layer = Object.hasOwn(this.#outputs, name) ? this.getLayer(this.#outputs[name]) : undefined;
    if (layer) return new Network(this.name, this.layers, this.weights, { end: layer });
    const nearest = suggestName(name, this.outputNames);
    throw new RangeError(`Cannot find output ${JSON.stringify(name)} of ${this.#title}${nearest}`);
  }

  /**
   * The network with one more layer.
   *
   * @throws {RangeError} if its name is taken.
   * @throws {TypeError} if it takes its input from a layer that is not in the network, or is already in it.
   */
  add(layer: Layer): Network {
    const list = new LayerList(this.name, this.layers);
    list.add(layer);
    return new Network(this.name, list.layers, undefined, { outputs: this.namedOutputs });
  }

  /**
   * The layer of this name.
   *
   * @throws {RangeError} if there is none; the message has the nearest name.
   */
  getLayer(name: string): Layer {
    checkArguments("find a layer", { name }, nameKind);
    const found = this.layers.find((one) => one.name === name);
    if (found) return found.layer;
    const known = this.layers.map(({ name }) => name);
    throw new RangeError(`Cannot find layer ${JSON.stringify(name)} in ${this.#title}${suggestName(name, known)}`);
  }

  /** A network with the same layers and these weights. */
  withWeights(weights: Weights): Network {
    checkWeights(`use weights in ${this.#title}`, weights);
    const network = new Network(this.name, this.layers, weights, { outputs: this.namedOutputs, end: this.#end });
    [network.#compiled, network.#allCompiled] = [this.#compiled, this.#allCompiled];
    return network;
  }

  /**
   * The parameters of the network.
   *
   * @throws {TypeError} if it has none.
   */
  get params(): NetworkParameters {
    return this.#weights.params;
  }

  /**
   * The state of the layers, such as running means.
   *
   * @throws {TypeError} if the network has no weights.
   */
  get state(): NetworkState {
    return this.#weights.state;
  }

  /** The shapes of the inputs; null is an extent that may have any value. */
  get inputShapes(): readonly LayerShape[] {
    return this.layers.filter(({ layer }) => layer.incoming.length === 0).map(({ layer }) => layer.outputShape);
  }

  /** The shape of the output. */
  get outputShape(): LayerShape {
    return this.outputLayer.outputShape;
  }

  /**
   * The layer that returns the output: the last one, unless another is the only output.
   *
   * @throws {TypeError} if the network has no layers.
   */
  get outputLayer(): Layer {
    if (this.#last) return this.#last;
    throw new TypeError(`Cannot use ${this.#title}: it has no layers yet; add some`);
  }

  get #last(): Layer | undefined {
    return this.#end ?? this.layers.at(-1)?.layer;
  }

  /** Whether a layer learns from its own input before the network is trained. */
  get hasUnsupervisedLayer(): boolean {
    return this.layers.some(({ layer }) => layer.pretraining !== undefined);
  }

  /** Whether the output is that of a softmax, perhaps reshaped, so that {@linkcode logits} exist. */
  get hasLogits(): boolean {
    return logitsPath(this.#last).length > 0;
  }

  /** Initial weights for all layers, which depend only on the key. */
  init(key: Tensor): Weights {
    checkArguments(`initialize ${this.#title}`, { key }, tensorKind);
    using init = jit((key: Tensor) => initialWeights(this.layers, key), { name: `init ${this.name}` });
    return init(key);
  }

  /**
   * The output for an input, and the state for the next call. The input is a tensor, or one for each input layer: a list
   * in their order, or a record by their names.
   *
   * @throws {TypeError} if the network has several outputs; {@linkcode applyLayers} returns them.
   */
  apply(params: NetworkParameters, input: NetworkInput, mode: NetworkMode): NetworkApplied {
    return this.#run("apply", { params, input, mode });
  }

  /**
   * The values before the softmax at the end, in the shape of the output.
   *
   * @throws {TypeError} if the network does not end in one.
   */
  logits(params: NetworkParameters, input: NetworkInput, mode: NetworkMode): NetworkApplied {
    if (!this.hasLogits) {
      throw new TypeError(
        `Cannot compute logits of ${this.#title}: expected a softmax at its end, got ${titleOf(this.outputLayer)}`,
      );
    }
    return this.#run("logits", { params, input, mode });
  }

  /**
   * The output with the weights of the network, as outside training.
   *
   * @throws {TypeError} if it has none.
   */
  getOutput(input: NetworkInput): Tensor {
    refuseSamples(this.#title, input);
    return this.#compiled(this.#weights, input);
  }

  /**
   * The outputs by name with the weights of the network, as outside training.
   *
   * @throws {TypeError} if it has none.
   */
  getOutputs(input: NetworkInput): Readonly<Record<string, Tensor>> {
    refuseSamples(this.#title, input);
    return this.#allCompiled(this.#weights, input);
  }

  /** The outputs of all layers, by name; by default as outside training. */
  outputs(
    weights: Weights,
    input: NetworkInput,
    mode: Omit<NetworkMode, "state"> = { train: false },
  ): Record<string, Tensor> {
    checkWeights(`use weights in ${this.#title}`, weights);
    const { params, state } = weights;
    const { outputs } = this.#forward("apply", { params, input, mode: { ...mode, state } });
    return Object.fromEntries(this.layers.map(({ name, layer }) => [name, outputs.get(layer)!]));
  }

  /**
   * The outputs by name, or those of the layers in the option `layers`, and the state for the next call. Layers that
   * are not needed are not computed, and keep their state.
   *
   * @throws {RangeError} if there is no layer of a name; the message has the nearest one.
   */
  applyLayers(params: NetworkParameters, input: NetworkInput, options: LayersMode): LayersApplied {
    const action = `apply layers of ${this.#title}`;
    const { layers, ...mode } = readOptions<LayersMode, typeof layersModeOptions>(action, layersModeOptions, options);
    const names = layers ? Object.fromEntries(layers.map((name) => [name, name])) : this.#outputs;
    const wanted = Object.entries(names).map(([name, layer]) => [name, this.getLayer(layer)] as const);
    const { outputs, state } = this.#forward("apply", { params, input, mode, wanted: wanted.map(([, one]) => one) });
    return { outputs: Object.fromEntries(wanted.map(([name, layer]) => [name, outputs.get(layer)!])), state };
  }

  /** The sum of the layers' l1 and l2 penalties, a scalar; null if there are none. */
  penalty(params: NetworkParameters): Tensor | null {
    checkArgument(`penalize ${this.#title}`, params, paramsKind);
    const terms = this.layers.map(({ name, layer }) => layer.penalty?.(params[name] ?? {}) ?? null);
    return terms.reduce((sum, term) => sum && term ? sum.add(term) : sum ?? term, null);
  }

  /** A table of the layers, their output shapes and numbers of parameters. */
  summary(): string {
    return summarize(this.name, this.layers, this.#names);
  }

  /** Returns what notebooks show: the summary. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    return { "text/plain": this.summary() };
  }

  /** The configuration that rebuilds the network, without weights: plain data, for files and for changes by hand. */
  toConf(): NetworkConfiguration {
    const isNamed = this.namedOutputs !== undefined || this.#last !== this.layers.at(-1)?.layer;
    return configurationOfLayers(this.name, this.layers, { names: this.#names, outputs: isNamed && this.#outputs });
  }

  /**
   * Writes parameters and state of the layers to a file, by convention `.yp`, in the safetensors format.
   *
   * @throws {FileError} if the file cannot be written.
   * @throws {TypeError} if the network has no weights.
   */
  async saveParams(file: WritableFile): Promise<void> {
    refuseSurplus("network.saveParams", arguments, 1);
    await writeParameters(file, { network: this.name, params: joinTensors(this.#weights) });
  }

  /**
   * The network with the weights of a file. The network of the file must have the same name and layers.
   *
   * @throws {FileError} if the file cannot be read.
   * @throws {TensorMismatchError} if name or shapes differ; nothing is changed.
   */
  loadParams(file: string | URL, options?: ReadOptions): Network;
  /** The same with a response of `fetch`, a `Blob`, or a file of the browser's file system. */
  loadParams(file: WebFile, options?: ReadOptions): Promise<Network>;
  loadParams(file: string | URL | WebFile, options?: ReadOptions): Network | Promise<Network> {
    refuseSurplus("network.loadParams", arguments, 2);
    const like = this.weights ?? this.init(randomKey(0));
    const named = { network: this.name, params: joinTensors(like) };
    const loaded = (tensors: typeof named.params): Network => this.withWeights(splitTensors(tensors, like));
    if (isWebFile(file)) return readParameters(file, named, options).then(loaded);
    return loaded(readParameters(file, named, options));
  }

  get #title(): string {
    return titleOfNetwork(this.name);
  }

  /** The layers of the outputs by the names of these. */
  get #outputs(): Readonly<Record<string, string>> {
    const name = this.#names.get(this.outputLayer) ?? "";
    return this.namedOutputs ?? { [name]: name };
  }

  get #weights(): Weights {
    if (this.weights) return this.weights;
    throw new TypeError(`Cannot use the parameters of ${this.#title}: it was neither trained nor loaded`);
  }

  #run(end: End, pass: Pass): NetworkApplied {
    if (Object.keys(this.namedOutputs ?? {}).length > 1) {
      const names = this.outputNames.join(", ");
      throw new TypeError(`Cannot apply ${this.#title}: it has the outputs ${names}; use applyLayers, or withOutput`);
    }
    const { outputs, state } = this.#forward(end, pass);
    return { output: outputs.get(this.outputLayer)!, state };
  }

  #forward(end: End, pass: Pass): Forward {
    return forward({ name: this.name, layers: this.layers, end, last: this.#last, ...pass });
  }
}

/**
 * A network of layers in the order in which they compute. Layers without a name get their kind and a number as name.
 *
 * @throws {RangeError} if the name is empty.
 * @throws {RangeError} if two layers have the same name.
 * @throws {TypeError} if a layer takes its input from one that does not come before it.
 *
 * @example
 * ```ts
 * import { network } from "@yadll/yadll/model";
 * import { denseLayer, inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 4] });
 * const hidden = denseLayer(input, { nUnits: 3, activation: "relu" });
 * const net = network("small").add(input).add(hidden).add(logisticRegression(hidden, { nClass: 2 }));
 * assertEquals(net.layers.map(({ name }) => name), ["InputLayer 1", "DenseLayer 1", "LogisticRegression 1"]);
 *
 * const { params, state } = net.init(random.key(1));
 * const { output } = net.apply(params, zeros([5, 4]), { train: false, state });
 * assertEquals(output.shape, [5, 2]);
 * ```
 */
export function network(name: string, layers?: readonly Layer[]): Network;
/**
 * A network with one output, or with several outputs by name. The layers that they need are found.
 *
 * @example
 * ```ts
 * import { network } from "@yadll/yadll/model";
 * import { denseLayer, inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const image = inputLayer({ shape: [null, 8], name: "image" });
 * const hidden = denseLayer(image, { nUnits: 5, activation: "relu" });
 * const kind = logisticRegression(hidden, { nClass: 3 });
 * const age = denseLayer(hidden, { nUnits: 1, activation: "linear" });
 * assertEquals(network("one", kind).layers.length, 3);
 *
 * const both = network("both", { kind, age });
 * const { params, state } = both.init(random.key(1));
 * const { outputs } = both.applyLayers(params, { image: zeros([2, 8]) }, { train: false, state });
 * assertEquals([outputs.kind.shape, outputs.age.shape], [[2, 3], [2, 1]]);
 * ```
 */
export function network(name: string, outputs: Layer | Readonly<Record<string, Layer>>): Network;
export function network(name: string, given: readonly Layer[] | Layer | Readonly<Record<string, Layer>> = []): Network {
  refuseSurplus("network", arguments, 2);
  checkArguments("make a network", { name }, nameKind);
  const { layers, outputs } = givenLayers(name, given);
  return new Network(name, layers, undefined, { outputs });
}
