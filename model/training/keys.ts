/**
 * The random keys of a training.
 *
 * @module
 */

import { jit } from "../../core/jit.ts";
import { key, splitKeys } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";

/** Random keys for independent purposes, each in its own memory. */
const keysOfRoot = jit((root: Tensor) => {
  const [init, pretraining, order, noise] = splitKeys(root, 4);
  return { init, pretraining, order, noise };
});

/** The keys of a training from one: for initial weights, pre-training, the order of examples, and the noise of layers. */
export function keysFrom(root: Tensor): ReturnType<typeof keysOfRoot> {
  return keysOfRoot(root);
}

/** The keys from a seed, for initial weights, pre-training, the order of examples, and the noise of layers. */
export function keysOf(seed: number): ReturnType<typeof keysOfRoot> {
  return keysOfRoot(key(seed));
}
