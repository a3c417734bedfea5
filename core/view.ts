/**
 * Who keeps the memory of tensors that show parts of other tensors.
 *
 * A reshape or a slice of a known tensor is not computed: it reads the memory of that tensor. Disposing the tensor
 * therefore releases its memory only when no view of it is left.
 *
 * @module
 */

import { isNode, type Node, topological } from "./graph/node.ts";
import { isKind } from "./graph/ops.ts";
import { dataNode } from "./runtime.ts";
import { sizeOf } from "./shape.ts";
import { Storage } from "./storage.ts";

/** Registers a view, and returns the memory that it shows; nothing if the node is not a view of known elements. */
export function show(node: Node): readonly Storage[] {
  if (node.traced || !isNode(node, "data") && !isKind(node, "movement")) return [];
  const storages = topological([node]).flatMap((one) => isNode(one, "data") ? [one.attributes.storage] : []);
  storages.forEach((storage) => storage.show());
  return storages;
}

/** Ends views of memory, which is released if its own tensor was disposed before. Returns the views that are left. */
export function endViews(storages: readonly Storage[]): readonly [] {
  storages.forEach((storage) => storage.endView());
  return [];
}

/** Releases what a tensor holds: its views of `shown`, or its own memory. Returns its node from then on. */
export function release(node: Node, shown: readonly Storage[]): Node {
  endViews(shown);
  const isGone = shown.length > 0 || isNode(node, "data") && node.attributes.storage.abandon();
  return isGone ? dataNode(node, Storage.disposed(node.dtype, sizeOf(node.shape))) : node;
}
