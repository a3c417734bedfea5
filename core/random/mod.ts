/**
 * Random numbers as functions of a key: the same key gives the same numbers, bit for bit, on every device. Use each key
 * once; `split` and `fold` make new ones.
 *
 * @module
 */

export { bits, fold, key, split, splitKeys } from "./bits.ts";
export { bernoulli, normal, permutation, uniform } from "./distributions.ts";
