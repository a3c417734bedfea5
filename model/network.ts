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
import { fold, key as randomKey } from "../core/random/bits.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { titleOf } from "../layers/define_layer.ts";
import type { Layer, LayerInput, LayerShape } from "../layers/layer.ts";
import type { NetworkConfiguration } from "./files/configuration.ts";
import { readParameters, writeParameters } from "./files/parameters.ts";
import { joinTensors, splitTensors } from "./files/layer_tensors.ts";
import type { ReadOptions } from "./files/read_options.ts";
import { type End, type Forward, forward, type Pass } from "./forward.ts";
import { LayerList, type NamedLayer, titleOfNetwork } from "./layer_list.ts";
import {
  layersKind,
  type LayersMode,
  layersModeOptions,
  namedLayersKind,
  nameKind,
  type NetworkMode,
  paramsKind,
  stateKind,
  weightsKind,
} from "./network_arguments.ts";
import { summarize } from "./summary.ts";
import type { NetworkParameters, NetworkState, Weights } from "./weights.ts";

/** The result of a network. */
export interface NetworkApplied {
  /** The output of the last layer. */
  readonly output: Tensor;
  /** The state for the next call. */
  readonly state: NetworkState;
}

/** The results of some layers of a network. */
export interface LayersApplied {
  /** Their outputs by name. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** The state for the next call. */
  readonly state: NetworkState;
}

/**
 * Layers in the order in which they compute; the last one returns the output. Immutable: methods that change something
 * return a new network. It may have the weights of its layers.
 */
export class Network {
  readonly #names: ReadonlyMap<Layer, string>;
  /** {@linkcode apply} outside training, compiled when it is first called. */
  #compiled = jit(({ params, state }: Weights, input: LayerInput) =>
    this.apply(params, input, { train: false, state }).output
  );

  /** Creates a network from named layers; call {@linkcode network} instead. */
  constructor(
    /** The name in files and reports. */
    readonly name: string,
    /** The layers and their names. */
    readonly layers: readonly NamedLayer[],
    /** The weights of the layers, if it was trained or loaded. */
    readonly weights?: Weights | undefined,
  ) {
    checkArguments("make a network", { name }, nameKind);
    checkArguments("make a network", { layers }, namedLayersKind);
    this.#names = new Map(layers.map(({ layer, name }) => [layer, name]));
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
    return new Network(this.name, list.layers);
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
    this.#checkWeights(weights);
    const network = new Network(this.name, this.layers, weights);
    network.#compiled = this.#compiled;
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
    return this.#last.outputShape;
  }

  /** Whether a layer learns from its own input before the network is trained. */
  get hasUnsupervisedLayer(): boolean {
    return this.layers.some(({ layer }) => layer.pretraining !== undefined);
  }

  /** Whether the last layer is a softmax, so that {@linkcode logits} exist. */
  get hasLogits(): boolean {
    return this.layers.at(-1)?.layer.logits !== undefined;
  }

  /** Initial weights for all layers, which depend only on the key. */
  init(key: Tensor): Weights {
    checkArguments(`initialize ${this.#title}`, { key }, tensorKind);
    using init = jit((key: Tensor) => this.#init(key), { name: `init ${this.name}` });
    return init(key);
  }

  /** The output for an input (one for each input layer), and the state for the next call. */
  apply(params: NetworkParameters, input: LayerInput, mode: NetworkMode): NetworkApplied {
    return this.#run("apply", { params, input, mode });
  }

  /**
   * The values before the softmax of the last layer.
   *
   * @throws {TypeError} if the last layer is not a softmax.
   */
  logits(params: NetworkParameters, input: LayerInput, mode: NetworkMode): NetworkApplied {
    if (!this.hasLogits) {
      throw new TypeError(
        `Cannot compute logits of ${this.#title}: expected a softmax at its end, got ${titleOf(this.#last)}`,
      );
    }
    return this.#run("logits", { params, input, mode });
  }

  /**
   * The output with the weights of the network, as outside training.
   *
   * @throws {TypeError} if it has none.
   */
  getOutput(input: LayerInput): Tensor {
    return this.#compiled(this.#weights, input);
  }

  /** The outputs of all layers, by name; by default as outside training. */
  outputs(
    weights: Weights,
    input: LayerInput,
    mode: Omit<NetworkMode, "state"> = { train: false },
  ): Record<string, Tensor> {
    this.#checkWeights(weights);
    const { params, state } = weights;
    const { outputs } = this.#forward("apply", { params, input, mode: { ...mode, state } });
    return Object.fromEntries(this.layers.map(({ name, layer }) => [name, outputs.get(layer)!]));
  }

  /**
   * The outputs of some layers by name, and the state for the next call. Layers that none of them needs are not computed,
   * and keep their state.
   *
   * @throws {RangeError} if there is no layer of a name; the message has the nearest one.
   */
  applyLayers(params: NetworkParameters, input: LayerInput, options: LayersMode): LayersApplied {
    const action = `apply layers of ${this.#title}`;
    const { layers: names, ...mode } = readOptions<LayersMode, typeof layersModeOptions>(
      action,
      layersModeOptions,
      options,
    );
    const wanted = names.map((name) => this.getLayer(name));
    const { outputs, state } = this.#forward("apply", { params, input, mode, wanted });
    return { outputs: Object.fromEntries(names.map((name, i) => [name, outputs.get(wanted[i])!])), state };
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
    const layers = this.layers.map(({ name, layer: { kind, incoming, configuration } }) => ({
      kind,
      name,
      incoming: incoming.map((one) => this.#names.get(one)!),
      configuration,
    }));
    return { name: this.name, layers };
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

  get #last(): Layer {
    const last = this.layers.at(-1);
    if (!last) throw new TypeError(`Cannot use ${this.#title}: it has no layers yet; add some`);
    return last.layer;
  }

  get #weights(): Weights {
    if (this.weights) return this.weights;
    throw new TypeError(`Cannot use the parameters of ${this.#title}: it was neither trained nor loaded`);
  }

  #init(key: Tensor): Weights {
    const initial = this.layers.map(({ name, layer }, i) => ({ name, ...layer.init(fold(key, i)) }));
    const named = <T extends object>(pick: (one: typeof initial[number]) => T): Record<string, T> =>
      Object.fromEntries(initial.map((one) => [one.name, pick(one)] as const).filter(([, own]) => hasKeys(own)));
    return { params: named(({ params }) => params), state: named(({ state }) => state) };
  }

  #run(end: End, pass: Pass): NetworkApplied {
    const { outputs, state } = this.#forward(end, pass);
    return { output: outputs.get(this.#last)!, state };
  }

  #forward(end: End, pass: Pass): Forward {
    return forward({ name: this.name, layers: this.layers, end, ...pass });
  }

  #checkWeights(given: Weights): void {
    const action = `use weights in ${this.#title}`;
    checkArgument(action, given, weightsKind);
    checkArguments(action, { "weights.params": given.params }, paramsKind);
    checkArguments(action, { "weights.state": given.state }, stateKind);
  }
}

function hasKeys(record: object): boolean {
  return Object.keys(record).length > 0;
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
export function network(name: string, layers: readonly Layer[] = []): Network {
  refuseSurplus("network", arguments, 2);
  checkArguments("make a network", { name }, nameKind);
  checkArgument("make a network", layers, layersKind);
  const list = new LayerList(name);
  // Holes, too, are no layers.
  for (const layer of layers) list.add(layer);
  return new Network(name, list.layers);
}
