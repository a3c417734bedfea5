/**
 * Networks as tables of text.
 *
 * @module
 */

import { key } from "../core/random/bits.ts";
import { trace } from "../core/jit.ts";
import { showShape, sizeOf } from "../core/shape.ts";
import { flattenTree } from "../core/tree.ts";
import type { Layer } from "../layers/layer.ts";
import type { NamedLayer } from "./layer_list.ts";

/** The number of parameters of a layer, counted without creating them. */
export function parametersOf(layer: Layer): number {
  const { result } = trace((key: Parameters<Layer["init"]>[0]) => layer.init(key).params, flattenTree([key(0)]));
  return result.leaves.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** A table of layers: name, the source of the input if it is not the previous layer, output shape, parameters. */
export function summarize(name: string, layers: readonly NamedLayer[], names: ReadonlyMap<Layer, string>): string {
  const count = (parameters: number): string => parameters.toLocaleString("en-US");
  const counts = layers.map(({ layer }) => parametersOf(layer));
  const rows = layers.map(({ name, layer }, i) => {
    const direct = layer.incoming.length < 2 &&
      (layer.incoming.length === 0 || layer.incoming[0] === layers[i - 1]?.layer);
    const from = direct ? "" : ` ← ${layer.incoming.map((one) => names.get(one)).join(", ")}`;
    return [name + from, showShape(layer.outputShape), count(counts[i])];
  });
  const table = [["layer", "output", "parameters"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map(([layer, output, parameters]) =>
    `${layer.padEnd(widths[0])}  ${output.padEnd(widths[1])}  ${parameters.padStart(widths[2])}`
  );
  return [name, ...lines, `${count(counts.reduce((sum, one) => sum + one, 0))} parameters`].join("\n");
}
