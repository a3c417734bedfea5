/**
 * The names of layers within a network.
 *
 * @module
 */

import { nameKind } from "../core/options/kinds.ts";
import { checkArguments } from "../core/options/read.ts";
import { titleOf } from "../layers/define_layer.ts";
import type { Layer } from "../layers/layer.ts";

/** A layer with its name in a network. */
export interface NamedLayer {
  /** Its name within the network. */
  readonly name: string;
  /** The layer. */
  readonly layer: Layer;
}

/**
 * The name of a layer that is added to others: its own, or its kind and a number, such as `DenseLayer 3`.
 *
 * @param title the name of the network, for messages
 * @throws {RangeError} if another layer has the same name.
 */
export function nameLayer(layer: Layer, others: readonly NamedLayer[], title: string): string {
  const taken = new Set(others.map(({ name }) => name));
  if (layer.name === undefined) return numberedName(layer.kind, others, taken);
  checkArguments(`add ${titleOf(layer)} to ${title}`, { "its name": layer.name }, nameKind);
  if (!taken.has(layer.name)) return layer.name;
  throw new RangeError(
    `Cannot add ${titleOf(layer)} to ${title}: it already has a layer of this name; rename one of them`,
  );
}

function numberedName(kind: string, others: readonly NamedLayer[], taken: ReadonlySet<string>): string {
  let number = 1 + others.filter(({ layer }) => layer.kind === kind).length;
  while (taken.has(`${kind} ${number}`)) number++;
  return `${kind} ${number}`;
}
