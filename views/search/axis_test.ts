import { assert, assertEquals } from "@std/assert";
import { horizontalAxis, valueAxis } from "./axis.ts";

const labelsOf = ({ ticks }: { readonly ticks: readonly { readonly label: string }[] }): string[] =>
  ticks.map(({ label }) => label);

Deno.test("numbers are drawn to scale, however few, and wide ranges have a logarithmic scale", () => {
  const powers = Array.from({ length: 9 }, (_, i) => 10 ** (i - 8));
  const axis = horizontalAxis(powers, [0, 80]);
  const distances = powers.slice(1).map((value, i) => axis.place(value) - axis.place(powers[i]));
  for (const distance of distances) assertEquals(distance.toFixed(6), distances[0].toFixed(6));
  const even = horizontalAxis(Array.from({ length: 9 }, (_, i) => i + 1), [0, 80]);
  assertEquals(even.place(5) - even.place(3), even.place(9) - even.place(7));
  const three = horizontalAxis([20, 50, 21.5], [0, 300]);
  assert(three.place(21.5) - three.place(20) < (three.place(50) - three.place(21.5)) / 10);
  assertEquals(horizontalAxis([10, 9, "x"], [0, 90]).ticks.map(({ label }) => label), ["9", "10", "x"]);
});

Deno.test("the labels of a logarithmic axis are powers of ten", () => {
  assertEquals(labelsOf(horizontalAxis([0.00323, 0.0456, 0.345], [0, 200])), ["10⁻²", "10⁻¹"]);
  assertEquals(labelsOf(horizontalAxis([0.01, 0.001, 0.1], [0, 200])), ["10⁻³", "10⁻²", "10⁻¹"]);
  assertEquals(labelsOf(horizontalAxis([3, 77, 420], [0, 200])), ["10", "100"]);
});

Deno.test("zero is set apart on a logarithmic axis", () => {
  const axis = horizontalAxis([0, 0.0001, 0.1], [10, 200]);
  assertEquals([axis.place(0), labelsOf(axis)[0]], [10, "0"]);
  assert(axis.place(0.0001) > 30 && axis.place(0.1) <= 200);
});

Deno.test("whole numbers have whole ticks, and values that people choose are ticks themselves", () => {
  assertEquals(labelsOf(horizontalAxis([11, 12, 13], [0, 200])), ["11", "12", "13"]);
  assertEquals(labelsOf(horizontalAxis([21, 150, 197, 245], [0, 200])), ["0", "50", "100", "150", "200", "250"]);
  assertEquals(labelsOf(horizontalAxis([16, 32, 64], [0, 200])), ["16", "32", "64"]);
  assertEquals(labelsOf(horizontalAxis([20, 100, 500], [0, 200])), ["20", "100", "500"]);
  assertEquals(labelsOf(horizontalAxis([0.123456789, 0.2, 0.76], [0, 200])), ["0.0", "0.2", "0.4", "0.6", "0.8"]);
  assertEquals(labelsOf(horizontalAxis([0.9, 0.9], [0, 200])), ["0.9"]);
});

Deno.test("words and switches are side by side, and labels at an angle if they are long", () => {
  const words = horizontalAxis(["tanh", "relu", "tanh"], [0, 200]);
  assertEquals([labelsOf(words), words.place("relu"), words.angle], [["tanh", "relu"], 150, 0]);
  assertEquals(labelsOf(horizontalAxis([true, false], [0, 200])), ["true", "false"]);
  const long = horizontalAxis(["leakyRectifiedLinearUnit0.2", "leakyRectifiedLinearUnit0.3", "x"], [0, 200]);
  assertEquals([labelsOf(long), long.angle < 0], [["leakyRecti…arUnit0.2", "leakyRecti…arUnit0.3", "x"], true]);
  const many = horizontalAxis(Array.from({ length: 40 }, (_, i) => `word${i}`), [0, 200]);
  assert(many.angle === -90 && many.ticks.every(({ at }, i) => i === 0 || at - many.ticks[i - 1].at >= 13));
});

Deno.test("the ticks of an axis of numbers are round and include all of them", () => {
  const { ticks, place } = valueAxis([3.1, 17.4], [100, 0]);
  assertEquals(ticks.map(({ label }) => label), ["0", "5", "10", "15", "20"]);
  assertEquals([place(0), place(20)], [100, 0]);
});

Deno.test("numbers whose labels do not fit side by side have one label, or none if it does not fit either", () => {
  const axisOf = (values: readonly number[], width: number) => {
    const { ticks, minor } = horizontalAxis(values, [0, width]);
    return [labelsOf({ ticks }), minor?.length];
  };
  const long = [1234567890123, 1234567890124, 1234567890126];
  assertEquals(axisOf(long, 60), [[], 3]);
  assertEquals(axisOf(long, 100), [["1.234567890125·10¹²"], 3]);
  assertEquals(axisOf([1e15 + 1, 1e15 + 5], 30), [["1·10¹⁵"], 2]);
});
