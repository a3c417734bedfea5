/**
 * The numbers of a network, by layer, and copies of them.
 *
 * @module
 */

import { tensor } from "../core/creation.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
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

/**
 * A function that copies trees of tensors on the device, bit for bit. Compiled functions hand unchanged arguments
 * through; here a condition that they cannot foresee stands between.
 */
export function treeCopier(): <T>(tree: T) => T {
  const always = tensor([true], []);
  const copy = jit((tree: unknown, condition: Tensor) =>
    mapTree((leaf) => condition.where(leaf, leaf.zerosLike()), tree)
  );
  return <T>(tree: T) => copy(tree, always) as T;
}

/** Gives the memory of all tensors of a tree back. */
export function disposeTree(tree: unknown): void {
  leavesOf(tree).forEach((leaf) => leaf.dispose());
}
