/**
 * Long sums of singles in blocks. Every addition rounds, so if all values are added to one sum, its error grows with
 * their number. The sums of blocks are short, and so are the sums of these sums: the error grows with the logarithm, as
 * in NumPy and PyTorch.
 *
 * How many values an accumulator adds depends on the schedule, so the code that writes a kernel decides by its loops.
 *
 * @module
 */

import type { Reduction } from "./nest.ts";

/** An accumulator that adds more values than this adds them in blocks. */
const LONGEST_SUM = 640;
/** The most values of a block, and the most blocks of a block of blocks. */
const MOST_VALUES = 64;
/** A product of two matrices adds more values than this in blocks. */
const LONGEST_PRODUCT = 1792;
/** The fewest values of a block of a product, which has many sums to add at its end. */
const LEAST_BLOCK = 256;

/** True for reductions whose error grows with the number of values. Those of products grow in any order. */
export function sumsSingles({ kind, dtype }: Reduction): boolean {
  return kind === "sum" && dtype === "f32";
}

const productOf = (turns: readonly number[]): number => turns.reduce((product, count) => product * count, 1);

/**
 * The blocks of nested loops, outermost first, that run `turns` times each and add one value per iteration: for each
 * loop the lengths of its blocks, longest first, in iterations. Each length is a multiple of the next one. All values
 * of a block, or all sums of its blocks, are added to a sum of their own, which is then added to the next longer one.
 * There are none if the loops add few values.
 */
export function sumBlocks(turns: readonly number[]): number[][] {
  if (productOf(turns) <= LONGEST_SUM) return turns.map(() => []);
  let added = 1;
  return turns.toReversed().map((count) => {
    const lengths: number[] = [];
    let length = 1;
    while (added * Math.ceil(count / length) > MOST_VALUES) {
      length *= Math.max(1, Math.floor(MOST_VALUES / added));
      lengths.unshift(length);
      added = 1;
    }
    added *= Math.ceil(count / length);
    return lengths;
  }).toReversed();
}

/**
 * As {@linkcode sumBlocks}, for the loops over the depth of a product that add `each` values per iteration: at most one
 * of them has blocks, of one length, because each sum takes a register. A block has at least 256 values, and about as
 * many as there are blocks of a very deep product.
 */
export function productBlocks(turns: readonly number[], each: number): number[][] {
  const depth = productOf(turns) * each;
  const values = Math.max(LEAST_BLOCK, Math.sqrt(depth));
  let added = each;
  let isFound = depth <= LONGEST_PRODUCT;
  return turns.toReversed().map((count) => {
    const length = Math.max(1, Math.floor(values / added));
    added *= count;
    if (isFound || length >= count) return [];
    isFound = true;
    return [length];
  }).toReversed();
}
