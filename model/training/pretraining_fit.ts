/**
 * Whether layers can be pre-trained on their input.
 *
 * @module
 */

import { titleOf } from "../../layers/define_layer.ts";
import { areShares, valuesOf } from "../../layers/output_values.ts";
import type { NamedData } from "../../data/data.ts";
import { labelOf } from "../../data/named.ts";
import { areRows, rowsNamed } from "../../data/rows.ts";
import type { NamedTensorSet } from "../../data/tensor_set.ts";
import type { NamedLayer } from "../layer_list.ts";
import { showValues } from "./output_fit.ts";
import { farFromShares, findNumber, showTarget } from "./target_scan.ts";

/**
 * Throws if a layer is to reconstruct inputs that are not between 0 and 1: its cost would have no least value.
 *
 * @throws {TypeError} with the first such number of the data, or the layer that returns such numbers, and the cure.
 */
export function checkPretraining(layers: readonly NamedLayer[], { name: set, training }: NamedData): void {
  for (const { name, layer } of layers) {
    if (!layer.pretraining?.takesShares || layer.pretraining.epochs === 0) continue;
    const [source] = layer.incoming;
    const values = valuesOf(source);
    if (areShares(values) || values === "unknown") continue;
    const isData = values === "data";
    const input = layers.find(({ layer }) => layer === source)?.name ?? "";
    const found = isData ? oddInput(training, input) : showValues(source);
    if (found === undefined) continue;
    const cure = isData
      ? 'scale the data, such as by data(sets, { preprocessing: "normalize" })'
      : "use the activation sigmoid in the layer before";
    throw new TypeError(
      `Cannot pre-train ${titleOf({ kind: layer.kind, name })} on ${set}: expected inputs from 0 to 1, got ${found}; ` +
        `${cure}, or use 0 epochs of pre-training`,
    );
  }
}

function oddInput({ rows, length }: NamedTensorSet, input: string): string | undefined {
  const x = rowsNamed(rows.x, input);
  // Gray levels are from 0 to 1. They are the only words; whole numbers are checked like others.
  const found = x.dtype === "u32" ? undefined : findNumber(x, length, farFromShares);
  const place = areRows(rows.x) ? "" : ` of ${labelOf("x", input)}`;
  return found && `${showTarget(found)} in row ${found.row}${place} of the training set`;
}
