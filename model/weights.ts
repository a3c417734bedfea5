/**
 * The weights of a network, by layer, and copies of them.
 *
 * @module
 */

import { copyNode } from "../core/runtime.ts";
import { Tensor } from "../core/tensor.ts";
import { leavesOf, mapTree } from "../core/tree.ts";
import type { Parameters, State } from "../layers/layer.ts";

/** Parameters by the name of the layer; layers without parameters are left out. */
export type NetworkParameters = Readonly<Record<string, Parameters>>;

/** The state of layers, which changes in training but is not learned, by the name of the layer. */
export type NetworkState = Readonly<Record<string, State>>;

/** The weights of a network. */
export interface Weights {
  /** The parameters. */
  readonly params: NetworkParameters;
  /** The state. */
  readonly state: NetworkState;
}

/** A copy of a tree of tensors on the device, bit for bit. */
export function copyTree<T>(tree: T): T {
  return mapTree((leaf) => new Tensor(copyNode(leaf.node)), tree) as T;
}

/** Releases the memory of all tensors of a tree. */
export function disposeTree(tree: unknown): void {
  leavesOf(tree).forEach((leaf) => leaf.dispose());
}
