/**
 * Splits a search among independent machines.
 *
 * @module
 */

import { textKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";

/** One of several equal parts of a search. */
export interface Shard {
  /** The number of the part, from 0. */
  readonly index: number;
  /** The number of parts. */
  readonly count: number;
}

/**
 * Parses a shard such as `0/4`: the first of four, which has the combinations 0, 4, 8, …
 *
 * Shards are counted from 0, like the indices of Kubernetes and the remainders of a division.
 *
 * @throws {RangeError} if it is not `i/n` with whole numbers, and i below n.
 *
 * @example
 * ```ts
 * import { parseShard } from "@yadll/yadll/model";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(parseShard("3/4"), { index: 3, count: 4 });
 * assertThrows(() => parseShard("4/4"), RangeError, "expected one of 0/4 to 3/4");
 * ```
 */
export function parseShard(text: string): Shard {
  checkArguments("search a shard", { text }, textKind);
  const { index, count } = /^(?<index>\d+)\/(?<count>[1-9]\d*)$/.exec(text)?.groups ?? {};
  if (index === undefined) {
    throw new RangeError(
      `Cannot search shard ${JSON.stringify(text)}: expected i/n, such as 0/4 for the first of four`,
    );
  }
  if (Number(index) < Number(count)) return { index: Number(index), count: Number(count) };
  throw new RangeError(
    `Cannot search shard ${JSON.stringify(text)}: expected one of 0/${count} to ${Number(count) - 1}/${count}`,
  );
}

/** Whether a combination belongs to a shard, by its number. */
export function isOfShard({ index, count }: Shard, number: number): boolean {
  return number % count === index;
}
