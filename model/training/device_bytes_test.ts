import { assertEquals } from "@std/assert";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { bytesOfExample, deviceBytesOf, fairShares, sharesOf } from "./device_bytes.ts";

Deno.test("small requests are met, and the others share the rest evenly", () => {
  assertEquals(fairShares([10, 20, 30], 100), [10, 20, 30]);
  assertEquals(fairShares([100, 10, 100], 110), [50, 10, 50]);
  assertEquals(fairShares([100, 100, 100], 100), [33, 33, 34]);
  assertEquals(fairShares([0, 50, 7], 20), [0, 13, 7]);
  assertEquals(fairShares([], 20), []);
});

Deno.test("an example takes the bytes of its numbers, and of its place in the order", () => {
  const set = (length: number) => ({
    x: samples(new Float32Array(3 * length), [length, 3]),
    y: new Int32Array(length),
  });
  const all = data([set(4), set(2), set(1)]);
  assertEquals([bytesOfExample(all.training), deviceBytesOf(all.training)], [20, 80]);
  assertEquals(sharesOf(all, 1000), { training: 80, validation: 40, test: 20 });
  assertEquals(sharesOf(all, 100), { training: 40, validation: 40, test: 20 });
  assertEquals(sharesOf(data([set(4), set(2)]), 100), { training: 60, validation: 40, test: 0 });
});
