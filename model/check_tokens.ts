/**
 * Whether the tokens of data are in the table of a network.
 *
 * @module
 */

import { knowIndices, limitIndices } from "../core/index_limits.ts";
import type { Data } from "../data/data.ts";
import type { TensorPair } from "../data/tensor_set.ts";
import type { Layer } from "../layers/layer.ts";
import type { Network } from "./network.ts";

/** Examples that are read at a time, from data that may be larger than memory. */
const AT_A_TIME = 2 ** 14;

/**
 * Throws if inputs of data are tokens that the embedding behind the input layer does not have. So no kernel of a
 * training has to check them again.
 *
 * @param action what is done with the data, for the message: `train`
 * @throws {RangeError} with the token, its example and the size of the table.
 */
export function checkTokens(action: string, network: Network, { name, training, validation, test }: Data): void {
  const size = tableSize(network);
  if (size === undefined) return;
  const sets = { training, validation, test };
  for (const [title, set] of Object.entries(sets)) {
    if (!set) continue;
    const { rows: { x }, length } = set;
    for (let firstRow = 0; firstRow < length; firstRow += AT_A_TIME) {
      limitIndices(x.tensor(firstRow, Math.min(length, firstRow + AT_A_TIME)).node, {
        size,
        action: `${action} ${JSON.stringify(network.name)} on the ${title} set of ${name}: token`,
        table: "the embedding",
        entries: "rows",
        firstRow,
      });
    }
  }
}

/**
 * Declares that a batch comes from data that were checked: by {@linkcode checkTokens}, and for class numbers by the number
 * of the network's outputs.
 */
export function knowBatch(network: Network, { x, y }: TensorPair): void {
  const size = tableSize(network);
  const units = network.outputShape.at(-1) ?? 1;
  if (size !== undefined) knowIndices(x.node, size);
  if (y.dtype === "i32" && y.shape.length === 1 && units > 1) knowIndices(y.node, units);
}

/** Whether the input of a layer are tokens, by which it looks up rows of a table. */
export function looksUp({ kind }: Layer): boolean {
  return kind === "Embedding";
}

/** The number of rows of the embedding whose tokens are the input of the network. */
function tableSize({ layers }: Network): number | undefined {
  const sizes = layers.filter(({ layer }) =>
    looksUp(layer) && layer.incoming.every(({ incoming }) => incoming.length === 0)
  ).map(({ layer }) => Number(layer.configuration.nTokens));
  return sizes.length === 0 ? undefined : Math.min(...sizes);
}
