/**
 * Whether the tokens of data are in the table of a network.
 *
 * @module
 */

import { knowIndices, limitIndices } from "../core/index_limits.ts";
import { Tensor } from "../core/tensor.ts";
import type { NamedData } from "../data/data.ts";
import { labelOf, partsIn } from "../data/named.ts";
import { areRows, rowsNamed } from "../data/rows.ts";
import type { NamedTensors } from "../data/tensor_set.ts";
import type { Layer } from "../layers/layer.ts";
import type { Network } from "./network.ts";
import { outputsOf, targetOf } from "./target_data.ts";
import { unitsIn } from "./training/unit_count.ts";

/** Examples that are read at a time, from data that may be larger than memory. */
const AT_A_TIME = 2 ** 14;

/**
 * Throws if inputs of data are tokens that the embedding behind the input layer does not have. So no kernel of a
 * training has to check them again.
 *
 * @param action what is done with the data, for the message: `train`
 * @throws {RangeError} with the token, its example and the size of the table.
 */
export function checkTokens(action: string, network: Network, { name, training, validation, test }: NamedData): void {
  const sizes = tableSizes(network);
  if (sizes.size === 0) return;
  const sets = { training, validation, test };
  for (const [title, set] of Object.entries(sets)) {
    if (!set) continue;
    const { rows, length } = set;
    for (const { name: input } of partsIn(rows.x, areRows)) {
      const size = sizes.get(input ?? network.inputNames[0]);
      if (size === undefined) continue;
      const x = rowsNamed(rows.x, input ?? "");
      const token = input === undefined ? "token" : `token of ${labelOf("x", input)}`;
      for (let firstRow = 0; firstRow < length; firstRow += AT_A_TIME) {
        limitIndices(x.tensor(firstRow, Math.min(length, firstRow + AT_A_TIME)).node, {
          size,
          action: `${action} ${JSON.stringify(network.name)} on the ${title} set of ${name}: ${token}`,
          table: "the embedding",
          entries: "rows",
          firstRow,
        });
      }
    }
  }
}

/**
 * Declares that a batch comes from data that were checked: by {@linkcode checkTokens}, and for class numbers by the number
 * of the network's outputs.
 */
export function knowBatch(network: Network, { x, y }: NamedTensors): void {
  for (const [input, size] of tableSizes(network)) {
    knowIndices((x instanceof Tensor ? x : x[input]).node, size);
  }
  for (const { name, network: { outputShape } } of outputsOf(network)) {
    const [target, units] = [targetOf(y, name), unitsIn(outputShape)];
    if (target.dtype === "i32" && target.shape.length === 1 && units > 1) knowIndices(target.node, units);
  }
}

/** Whether the input of a layer are tokens, by which it looks up rows of a table. */
export function looksUp({ kind }: Layer): boolean {
  return kind === "Embedding";
}

/** The number of rows of the smallest embedding whose tokens are an input of the network, by the name of the input. */
function tableSizes({ layers }: Network): ReadonlyMap<string, number> {
  const inputs = new Map(
    layers.filter(({ layer }) => layer.incoming.length === 0).map(({ name, layer }) => [layer, name]),
  );
  const sizes = new Map<string, number>();
  for (const { layer } of layers) {
    if (!looksUp(layer)) continue;
    for (const source of layer.incoming) {
      const input = inputs.get(source);
      if (input === undefined) continue;
      sizes.set(input, Math.min(sizes.get(input) ?? Infinity, Number(layer.configuration.nTokens)));
    }
  }
  return sizes;
}
