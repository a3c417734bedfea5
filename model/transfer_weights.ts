/**
 * Copies weights from one network to another, by the names of layers and tensors.
 *
 * @module
 */

import { pathOf } from "../core/host_files.ts";
import { objectKind } from "../core/options/kinds.ts";
import { custom, type Declaration } from "../core/options/option.ts";
import { checkArgument, checkArguments, readOptions } from "../core/options/read.ts";
import { showText, showValue } from "../core/options/show.ts";
import { refuseSurplus } from "../core/options/surplus.ts";
import { either, list, text } from "../core/options/values.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { flattenTree, pathsOf } from "../core/tree.ts";
import { isWebFile, type WebFile } from "../core/web_file.ts";
import { parametersOf, selection } from "../optim/masks.ts";
import { openSource } from "./files/byte_source.ts";
import { joinTensors, type LayerTensors, splitTensors } from "./files/layer_tensors.ts";
import { type ReadOptions, tensorFileOptions } from "./files/read_options.ts";
import { layerTensorsFrom } from "./files/read_tensors.ts";
import type { TensorEntries, TensorEntry } from "./files/safetensors.ts";
import { tensorOf } from "./files/tensor_entries.ts";
import { readWebFile } from "./files/web_file.ts";
import { titleOfNetwork } from "./layer_list.ts";
import { Network } from "./network.ts";
import { renameAll, type Renaming, renaming } from "./rename_tensors.ts";
import { keysOf } from "./training/keys.ts";
import { trainOptions } from "./training/train_options.ts";

/** Which weights are transferred. */
export interface TransferOptions extends ReadOptions {
  /**
   * The layers of the network that gets the weights, or paths of tensors, in which `*` stands for any text: `"conv*"`,
   * `["conv*", "hidden/W"]` (default: all).
   */
  readonly layers?: string | readonly string[] | undefined;
  /**
   * New names for what the weights come from: a record of layers or paths such as `{ "DenseLayer 1": "hidden" }`, or a
   * function of each path (default: the same names).
   */
  readonly rename?: Renaming | undefined;
  /** The random seed of the other weights, if the network has none yet (default: 1). */
  readonly seed?: number | undefined;
}

/** {@linkcode TransferOptions}, declared. */
export const transferOptions = {
  ...tensorFileOptions,
  layers: either([text(), list(text(), { items: "names of layers" })], {
    help: "layers that get weights, or paths of tensors; * stands for any text",
    otherwise: "all",
  }),
  rename: { ...renaming, help: "new names for what the weights come from", otherwise: "the same names" },
  seed: trainOptions.seed,
} satisfies Declaration<TransferOptions>;

/** A tensor that was not transferred, and why. */
export interface Untransferred {
  /** The path in the network that should get it: `hidden/W`. */
  readonly name: string;
  /** `expected f32[784, 9], got f32[784, 8]`. */
  readonly reason: string;
}

/** The result of a transfer. */
export interface Transfer {
  /** The network with the weights. */
  readonly network: Network;
  /** The paths of its tensors that were transferred. */
  readonly matched: readonly string[];
  /** Its tensors that keep their own values, because there is none of their name, or they were not selected. */
  readonly left: readonly Untransferred[];
  /** Its tensors that keep their own values, because that of their name has another shape or type. */
  readonly mismatched: readonly Untransferred[];
  /** The paths, with new names, of those that no tensor of the network takes. */
  readonly unused: readonly string[];
}

/** A tensor that may be transferred. */
interface Source extends Pick<TensorEntry, "dtype" | "shape"> {
  tensor(): Tensor;
}

const fromKind = custom<Network | string | URL | WebFile>({
  expected: "a network, or the file of a model or of parameters",
  accepts: (value): value is Network | string | URL | WebFile =>
    value instanceof Network || typeof value === "string" || value instanceof URL || isWebFile(value),
});
const toKind = objectKind<Network>("a network", "layers", "withWeights");

/**
 * A network with the weights of another, or of a file, wherever names and shapes are the same: parameters, and state
 * such as running means. The other weights stay, or are initial ones if the network has none. The file may be a model
 * (`.ym`), parameters (`.yp`), or the safetensors file of an exported model or of another program.
 *
 * To train only the other layers afterwards, `freeze` those that were transferred.
 *
 * @param from the network with the weights, or the file
 * @param to the network that gets them
 * @throws {FileError} if the file cannot be read.
 * @throws {FileFormatError} if it is damaged, of another kind, or of a later version.
 * @throws {RangeError} if nothing fits, a pattern of `layers` selects nothing, or `rename` names nothing or the same
 * name twice.
 * @throws {TypeError} if the network `from` has no weights.
 *
 * @example
 * ```ts
 * import { network, transferWeights } from "@yadll/yadll/model";
 * import { denseLayer, inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 4], name: "input" });
 * const hidden = denseLayer(input, { nUnits: 3, name: "hidden" });
 * const classifier = (nClass: number) =>
 *   network("classifier", [input, hidden, logisticRegression(hidden, { nClass, name: "output" })]);
 *
 * const three = classifier(3);
 * const trained = three.withWeights(three.init(random.key(1)));
 * const { network: tuned, matched, mismatched } = transferWeights(trained, classifier(5));
 * assertEquals(matched, ["hidden/W", "hidden/b"]);
 * assertEquals(mismatched[0], { name: "output/W", reason: "expected f32[3, 5], got f32[3, 3]" });
 * assertEquals(await tuned.params.hidden.W.data(), await trained.params.hidden.W.data());
 * ```
 */
export function transferWeights(from: Network | string | URL, to: Network, options?: TransferOptions): Transfer;
/**
 * The same with a file of the web: a response of `fetch`, a `Blob`, or a file of the browser's file system.
 *
 * @throws {FileError} if it cannot be read.
 *
 * @example
 * ```ts
 * import { network, transferWeights } from "@yadll/yadll/model";
 * import { encodeSafetensors } from "@yadll/yadll/model";
 * import { denseLayer, inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 2] });
 * const net = network("net", [input, denseLayer(input, { nUnits: 1, name: "hidden" })]);
 * const W = { dtype: "f32", shape: [2, 1], values: Float32Array.of(1, 2) } as const;
 * const file = new Response(new Blob(encodeSafetensors({ "fc1/W": W })));
 * const { network: got, matched } = await transferWeights(file, net, { rename: { fc1: "hidden" } });
 * assertEquals(matched, ["hidden/W"]);
 * assertEquals(await got.params.hidden.W.toArray(), [[1], [2]]);
 * ```
 */
export function transferWeights(from: WebFile, to: Network, options?: TransferOptions): Promise<Transfer>;
export function transferWeights(
  from: Network | string | URL | WebFile,
  to: Network,
  options: TransferOptions = {},
): Transfer | Promise<Transfer> {
  refuseSurplus("transferWeights", arguments, 3);
  checkArgument("transfer weights", from, fromKind);
  checkArguments("transfer weights", { "the second argument": to }, toKind);
  const { limitBytes, ...others } = readOptions("transfer weights", transferOptions, options);
  const into = (sources: Sources, title: string) => transfer({ sources, title, to, options: others });
  if (from instanceof Network) {
    const { params, state } = from;
    return into(sourcesOfNetwork(joinTensors({ params, state })), titleOfNetwork(from.name));
  }
  if (isWebFile(from)) {
    return readWebFile(from, limitBytes).then((source) => into(sourcesOfFile(layerTensorsFrom(source)), source.file));
  }
  const path = pathOf(from);
  using source = openSource(path, limitBytes);
  return into(sourcesOfFile(layerTensorsFrom(source)), path);
}

type Sources = ReadonlyMap<string, Source>;

function sourcesOfNetwork(tensors: LayerTensors): Sources {
  const { leaves } = flattenTree(tensors);
  return new Map(
    pathsOf(tensors).map((path, i) => {
      const { dtype, shape } = leaves[i];
      return [path, { dtype, shape, tensor: () => leaves[i] }];
    }),
  );
}

function sourcesOfFile(entries: TensorEntries): Sources {
  return new Map(
    Object.entries(entries).map(([path, entry]) => [path, { ...entry, tensor: () => tensorOf(entry) }]),
  );
}

/** What is transferred, and into what. */
interface Transferring {
  readonly sources: Sources;
  /** Where the weights come from, for messages. */
  readonly title: string;
  readonly to: Network;
  readonly options: Omit<TransferOptions, "limitBytes">;
}

function transfer({ sources, title, to, options: { layers, rename, seed = 1 } }: Transferring): Transfer {
  const action = `transfer weights from ${title} to ${titleOfNetwork(to.name)}`;
  const renamed = renameAll(sources, rename, action);
  const own = to.weights ?? to.init(keysOf(seed).init);
  const tensors = joinTensors(own);
  const { leaves, rebuild } = flattenTree(tensors);
  const paths = pathsOf(tensors);
  const isSelected = layers === undefined
    ? paths.map(() => true)
    : selection(parametersOf(...[layers].flat()), tensors);
  const matched: string[] = [];
  const [left, mismatched]: [Untransferred[], Untransferred[]] = [[], []];
  const filled = leaves.map((leaf, i) => {
    const name = paths[i];
    const source = renamed.get(name);
    if (!isSelected[i]) left.push({ name, reason: "not selected by layers" });
    else if (source === undefined) left.push({ name, reason: `expected ${typeOf(leaf)}, got none of this name` });
    else if (source.dtype !== leaf.dtype || !sameShape(source.shape, leaf.shape)) {
      mismatched.push({ name, reason: `expected ${typeOf(leaf)}, got ${typeOf(source)}` });
    } else {
      matched.push(name);
      return source.tensor();
    }
    return leaf;
  });
  if (matched.length === 0) throw nothingMatches(action, [...mismatched, ...left], [...renamed.keys()]);
  const unused = [...renamed.keys()].filter((name) => !paths.includes(name));
  const network = to.withWeights(splitTensors(rebuild(filled) as LayerTensors, own));
  return { network, matched, left, mismatched, unused };
}

function typeOf({ dtype, shape }: Pick<TensorEntry, "dtype" | "shape">): string {
  return `${dtype}${showShape(shape)}`;
}

function nothingMatches(action: string, kept: readonly Untransferred[], names: readonly string[]): RangeError {
  const [first] = kept;
  const example = first === undefined
    ? "the network has no weights"
    : `for example ${showValue(first.name)}: ${first.reason}`;
  const offered = names.length === 0 ? "no tensors" : names.slice(0, 8).map(showText).join(", ");
  return new RangeError(
    `Cannot ${action}: expected at least one tensor of the same name and shape, ${example}; there are ${offered}${
      names.length > 8 ? `, and ${names.length - 8} more` : ""
    }; rename gives them other names`,
  );
}
