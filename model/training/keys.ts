/**
 * The random keys of a training.
 *
 * @module
 */

import { jit } from "../../core/jit.ts";
import { key, splitKeys } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";

/** Random keys for what must not depend on each other, each in memory of its own. */
const keysOfRoot = jit((root: Tensor) => {
  const [init, pretraining, order, noise] = splitKeys(root, 4);
  return { init, pretraining, order, noise };
});

/** The keys that a seed gives, for first weights, pre-training, the order of examples, and what layers draw. */
export function keysOf(seed: number): ReturnType<typeof keysOfRoot> {
  return keysOfRoot(key(seed));
}
