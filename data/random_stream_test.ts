import { assert, assertEquals } from "@std/assert";
import { RandomStream, scramble } from "./random_stream.ts";

Deno.test("whole numbers are scrambled as recorded", () => {
  assertEquals([0, 1, 2, -1, 2 ** 32 - 1, 2 ** 31].map(scramble), [
    ...[0, 1753845952, 3507691905, 1734902346, 1734902346, 3427483940],
  ]);
});

Deno.test("a stream of a seed and an index has the recorded numbers, on every machine", () => {
  const stream = new RandomStream(5, 2);
  assertEquals([stream.uniform(), stream.uniform(-1, 3), stream.below(1000)], [
    ...[0.45624078204855323, 2.1189849274232984, 408],
  ]);
  assertEquals([stream.bell(1), stream.bell(0.5)], [-0.007650191147085136, -0.11251939125010173]);
  assertEquals([new RandomStream(5, 3), new RandomStream(6, 2)].map((one) => one.below(1e6)), [728503, 639868]);
  assertEquals(new RandomStream(5 + 2 ** 32, 2).uniform(), 0.45624078204855323);
});

Deno.test("bell-shaped numbers have the mean 0 and the given deviation, and none is beyond 3.5 deviations", () => {
  const stream = new RandomStream(1, 0);
  const numbers = Array.from({ length: 4000 }, () => stream.bell(2));
  const mean = numbers.reduce((sum, one) => sum + one) / 4000;
  const deviation = Math.sqrt(numbers.reduce((sum, one) => sum + one ** 2, 0) / 4000);
  assert(Math.abs(mean) < 0.12 && Math.abs(deviation - 2) < 0.1, `${mean} ${deviation}`);
  assert(numbers.every((one) => Math.abs(one) <= 7));
});
