/**
 * Passes values through the layers of a network.
 *
 * @module
 */

import { tensorKind } from "../core/options/kinds.ts";
import { checkArgument, checkArguments, readOptions } from "../core/options/read.ts";
import { fold } from "../core/random/bits.ts";
import { Tensor } from "../core/tensor.ts";
import type { Applied, Layer, LayerInput, Mode } from "../layers/layer.ts";
import { checkApplied } from "./check_applied.ts";
import { checkNames } from "./check_names.ts";
import { looksUp } from "./check_tokens.ts";
import { isPlainRecord } from "./files/json.ts";
import { logitsPath } from "./find_layers.ts";
import { type NamedLayer, titleOfNetwork } from "./layer_list.ts";
import { inputsKind, modeKind, modeOptions, type NetworkMode, paramsKind, stateKind } from "./network_arguments.ts";
import type { NetworkParameters, NetworkState } from "./weights.ts";

/** Whether the last layer returns its output, or the values before its softmax. */
export type End = "apply" | "logits";

/** The input of a network: a tensor, or one for each input layer, in a list or by its name. */
export type NetworkInput = LayerInput | Readonly<Record<string, Tensor>>;

/** The values that pass through the layers. */
export interface Pass {
  readonly params: NetworkParameters;
  readonly input: NetworkInput;
  readonly mode: NetworkMode;
  /** The layers whose outputs are wanted (default: all). */
  readonly wanted?: readonly Layer[];
}

/** A pass through the layers of a network. */
export interface NetworkPass extends Pass {
  /** The name of the network. */
  readonly name: string;
  readonly layers: readonly NamedLayer[];
  readonly end: End;
  /** The layer that returns the output. */
  readonly last: Layer | undefined;
}

/** The outputs of layers, and the state of all. */
export interface Forward {
  readonly outputs: ReadonlyMap<Layer, Tensor>;
  readonly state: NetworkState;
}

/** The outputs of the layers of a network, each computed once. */
export function forward({ name: network, layers, end, last, params, input, mode, wanted }: NetworkPass): Forward {
  const action = `apply ${titleOfNetwork(network)}`;
  checkArgument(action, params, paramsKind);
  checkArgument(action, mode, modeKind);
  checkArgument(action, mode.state, stateKind);
  readOptions(action, modeOptions, mode);
  const given = inputsOf(action, layers, input);
  checkArgument(action, given, inputsKind);
  checkInputs(action, layers, given);
  given.forEach((one, i) => checkArguments(action, { [`input ${i}`]: one }, tensorKind));
  const needed = wanted && neededBy(wanted);
  const outputs = new Map<Layer, Tensor>();
  const state: Record<string, Applied["state"]> = {};
  const path = end === "logits" ? logitsPath(last) : [];
  let inputs = 0;
  layers.forEach(({ name, layer }, i) => {
    const own = layer.incoming.length === 0 ? inputFor(layers, layer, given[inputs++]) : undefined;
    if (needed && !needed.has(layer)) {
      if (mode.state[name]) state[name] = mode.state[name];
      return;
    }
    const incoming = layer.incoming.map((one) => outputs.get(one)!);
    const x = own ?? (incoming.length === 1 ? incoming[0] : incoming);
    const apply = layer === last && path.length === 1 ? layer.logits! : layer.apply;
    const applied = checkApplied(action, layers[i], apply(params[name] ?? {}, x, layerMode(name, i, mode)));
    outputs.set(layer, applied.output);
    if (mode.state[name]) state[name] = applied.state;
  });
  if (last && path.length > 1) outputs.set(last, passLogits(path, { layers, params, mode, outputs }));
  return { outputs, state };
}

/** The layers of a network, and what they returned. */
interface Passed extends Pick<NetworkPass, "layers" | "params" | "mode"> {
  readonly outputs: ReadonlyMap<Layer, Tensor>;
}

/** The values before a softmax, passed through the layers after it. Other layers may need the softmax itself. */
function passLogits([softmax, ...views]: readonly Layer[], { layers, params, mode, outputs }: Passed): Tensor {
  const at = layers.findIndex(({ layer }) => layer === softmax);
  const { name } = layers[at];
  const incoming = softmax.incoming.map((one) => outputs.get(one)!);
  const x = incoming.length === 1 ? incoming[0] : incoming;
  const { output } = softmax.logits!(params[name] ?? {}, x, layerMode(name, at, mode));
  return views.reduce((rows, view) => view.apply({}, rows, { train: mode.train, state: {} }).output, output);
}

/** The inputs in the order of the input layers. */
function inputsOf(action: string, layers: readonly NamedLayer[], input: NetworkInput): readonly Tensor[] {
  if (input instanceof Tensor) return [input];
  if (!isNamed(input)) return input;
  const names = layers.filter(({ layer }) => layer.incoming.length === 0).map(({ name }) => name);
  checkNames(action, "inputs", { expected: names, got: Object.keys(input) });
  return names.map((name) => input[name]);
}

function isNamed(input: NetworkInput): input is Readonly<Record<string, Tensor>> {
  return isPlainRecord(input);
}

/** These layers, and all from which they take their input. */
function neededBy(wanted: readonly Layer[]): ReadonlySet<Layer> {
  const needed = new Set<Layer>();
  const left = [...wanted];
  for (let layer = left.pop(); layer !== undefined; layer = left.pop()) {
    if (needed.has(layer)) continue;
    needed.add(layer);
    left.push(...layer.incoming);
  }
  return needed;
}

/** Whole numbers stay whole for layers that look them up, and become floats for all others. */
function inputFor(layers: readonly NamedLayer[], layer: Layer, x: Tensor): Tensor {
  const isLookedUp = layers.some(({ layer: one }) => looksUp(one) && one.incoming.includes(layer));
  return x.dtype !== "i32" || isLookedUp ? x : x.cast("f32");
}

function layerMode(name: string, index: number, { train, key, state }: NetworkMode): Mode {
  return { train, state: state[name] ?? {}, ...(key && { key: fold(key, index) }) };
}

function checkInputs(action: string, layers: readonly NamedLayer[], given: readonly Tensor[]): void {
  const expected = layers.filter(({ layer }) => layer.incoming.length === 0).length;
  if (given.length === expected) return;
  throw new TypeError(
    `Cannot ${action}: expected ${expected} ${expected === 1 ? "input" : "inputs"}, got ${given.length}`,
  );
}
