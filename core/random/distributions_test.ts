import { assertEquals } from "@std/assert";
import { graphOf } from "../../tests/oracle.ts";
import { isNode, topological } from "../graph/node.ts";
import { key } from "./bits.ts";
import { permutation, uniform } from "./distributions.ts";
import "../wasm/default_device.ts";

Deno.test("permutations of few numbers hold each once", async () => {
  for (const count of [0, 1, 2, 3, 4, 5]) {
    const order = await permutation(key(count), count).data();
    assertEquals([...order].toSorted(), Array.from({ length: count }, (_, i) => i));
  }
  const firsts = await Promise.all(
    Array.from({ length: 16 }, async (_, seed) => (await permutation(key(seed), 2).data())[0]),
  );
  assertEquals(new Set(firsts), new Set([0, 1]));
});

/** The operation that keeps uniform numbers from the upper bound, with its constant; none if none is necessary. */
function boundOf(low: number, high: number): [string, number] | undefined {
  const { results: [node] } = graphOf((of) => uniform(of, [3], { low, high }), [{ shape: [2], dtype: "u32" }]);
  if (node.op !== "min" && node.op !== "max") return undefined;
  const values = topological([node.inputs[1]]).map((one) => isNode(one, "constant") ? one.attributes.value : NaN);
  return [node.op, values[0]];
}

Deno.test("numbers are kept from the upper bound exactly where rounding may reach it", () => {
  const ulp = 2 ** -23;
  assertEquals(boundOf(0, 1), undefined);
  assertEquals(boundOf(0, 3), undefined);
  assertEquals(boundOf(3, 3), undefined);
  assertEquals(boundOf(1, 1 + ulp), ["min", 1]);
  assertEquals(boundOf(1 + ulp, 1), ["max", 1 + ulp]);
  assertEquals(boundOf(-1, -1 + ulp / 2), ["min", -1]);
  assertEquals(boundOf(-1, 0), undefined);
  assertEquals([boundOf(0.1, 0.3), boundOf(0.3, 0.1)], [undefined, undefined]);
  assertEquals([boundOf(1, 2), boundOf(2, 1)], [["min", 2 - ulp], ["max", 1 + ulp]]);
  assertEquals([boundOf(1000.1, 1000), boundOf(-1000.1, -1000)], [["max", 1000 + 2 ** -14], ["min", -1000 - 2 ** -14]]);
  // The singles closest to ±1000.1 are on the other side of it.
  const close = 1000.10003662109375;
  assertEquals([boundOf(1001.1, 1000.1), boundOf(-1001.1, -1000.1)], [["max", close], ["min", -close]]);
  // These are on the near side.
  assertEquals([boundOf(1100.7, 1000.7), boundOf(999.9, 1000.1)], [
    ...[["max", Math.fround(1000.7)], ["min", Math.fround(1000.1)]],
  ]);
  // Differences that are subnormal numbers are rounded to fewer digits, so the sum with them may be 0.
  const tiny = 2 ** -140;
  assertEquals([boundOf(-tiny, 0), boundOf(tiny, 0)], [["min", -(2 ** -126)], ["max", 2 ** -126]]);
});
