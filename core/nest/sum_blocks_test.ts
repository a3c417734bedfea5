import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { productBlocks, sumBlocks } from "./sum_blocks.ts";

/** The most values that any sum adds, if loops run `turns` times each and have blocks of these lengths. */
function mostAdded(turns: readonly number[], blocks: readonly (readonly number[])[], each = 1): number {
  let [added, most] = [each, each];
  turns.toReversed().forEach((count, i) => {
    let length = 1;
    for (const longer of blocks.at(-1 - i)!.toReversed()) {
      most = Math.max(most, added *= longer / length);
      [added, length] = [1, longer];
    }
    most = Math.max(most, added *= Math.ceil(count / length));
  });
  return most;
}

const turns = fc.array(fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 3000 })), {
  minLength: 1,
  maxLength: 4,
});

Deno.test("sums of at most 640 values have no blocks, and no sum of a longer one adds more than 64", () => {
  assertEquals(sumBlocks([640]), [[]]);
  assertEquals(sumBlocks([641]), [[64]]);
  assertEquals(sumBlocks([64 * 64]), [[64]]);
  assertEquals(sumBlocks([64 * 64 + 1]), [[4096, 64]]);
  assertEquals(sumBlocks([40, 70]), [[32], [64]]);
  assertEquals(sumBlocks([7, 1000, 9]), [[], [448, 7], []]);
  assertEquals(sumBlocks([0, 1000]), [[], []]);
  assertEquals(sumBlocks([]), []);
  fc.assert(fc.property(turns, (turns) => {
    const blocks = sumBlocks(turns);
    const total = turns.reduce((a, b) => a * b, 1);
    assert(total === 0 || mostAdded(turns, blocks) <= (total <= 640 ? 640 : 64));
  }));
});

Deno.test("the lengths of blocks are multiples of the shorter ones, and shorter than their loop", () => {
  fc.assert(fc.property(turns, (turns) => {
    sumBlocks(turns).forEach((lengths, loop) => {
      const longest = [turns[loop], ...lengths];
      assert(lengths.every((length, i) => length <= longest[i] && length % (lengths[i + 1] ?? 1) === 0));
    });
  }));
});

Deno.test("at most one loop over the depth of a product has blocks, of at least 256 values", () => {
  assertEquals(productBlocks([1792], 1), [[]]);
  assertEquals(productBlocks([112], 16), [[]]);
  assertEquals(productBlocks([1793], 1), [[256]]);
  assertEquals(productBlocks([1e6], 1), [[1000]]);
  assertEquals(productBlocks([8, 256], 1), [[1], []]);
  assertEquals(productBlocks([6250], 16), [[19]]);
  assertEquals(productBlocks([200], 16), [[16]]);
  assertEquals(productBlocks([46, 24, 24], 1), [[], [10], []]);
  assertEquals(productBlocks([100, 3], 100), [[], [2]]);
  assertEquals(productBlocks([], 1), []);
  fc.assert(fc.property(turns, fc.integer({ min: 1, max: 20 }), (turns, each) => {
    const blocks = productBlocks(turns, each);
    assert(blocks.flat().length <= 1);
    const depth = turns.reduce((a, b) => a * b, each);
    assert(depth <= 1792 || mostAdded(turns, blocks, each) <= Math.max(256, 3 * Math.sqrt(depth), each));
  }));
});
