/**
 * The numbers of a network, by layer, and copies of them.
 *
 * @module
 */

import { copyNode } from "../core/runtime.ts";
import { Tensor } from "../core/tensor.ts";
import { leavesOf, mapTree } from "../core/tree.ts";
import type { Parameters, State } from "../layers/layer.ts";

/** Learned numbers by the name of the layer; layers without any are left out. */
export type NetworkParameters = Readonly<Record<string, Parameters>>;

/** Numbers of layers that change in training but are not learned, by the name of the layer. */
export type NetworkState = Readonly<Record<string, State>>;

/** All numbers of a network. */
export interface Weights {
  /** What is learned. */
  readonly params: NetworkParameters;
  /** What changes besides. */
  readonly state: NetworkState;
}

/** A copy of a tree of tensors on the device, bit for bit. */
export function copyTree<T>(tree: T): T {
  return mapTree((leaf) => new Tensor(copyNode(leaf.node)), tree) as T;
}

/** Gives the memory of all tensors of a tree back. */
export function disposeTree(tree: unknown): void {
  leavesOf(tree).forEach((leaf) => leaf.dispose());
}
