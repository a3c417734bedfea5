import { assertEquals } from "@std/assert";
import { data } from "../../data/data.ts";
import { type AnySamples, samples } from "../../data/samples.ts";
import { denseLayer, inputLayer } from "../../layers/mod.ts";
import { network } from "../network.ts";
import { classesIn, readClasses, type TargetClasses } from "./classes.ts";

const input = inputLayer({ shape: [null, 1] });
const steps = inputLayer({ shape: [null, null, 3] });
const units = (nUnits: number) => network("net", [input, denseLayer(input, { nUnits, activation: "linear" })]);
const sequence = network("sequence", steps);

function setOf(y: Int32Array | AnySamples) {
  const { length } = y instanceof Int32Array ? y : { length: y.shape[0] };
  const set = { x: samples(new Float32Array(length), [length, 1]), y };
  return data([set, set]).training;
}

const none: TargetClasses = { found: "no", certain: false };

Deno.test("class numbers are the classes of outputs of at least two units, one output per example", () => {
  const numbers = setOf(Int32Array.of(0, 1, 1));
  assertEquals(readClasses(numbers, units(2)), { found: "yes", certain: true });
  assertEquals(readClasses(numbers, units(3)), { found: "yes", certain: true });
  assertEquals(readClasses(numbers, units(1)), none);
  assertEquals(readClasses(numbers, sequence), none);
  assertEquals(readClasses(setOf(samples(Int32Array.of(0, 1, 1, 2), [2, 2])), sequence).found, "yes");
});

Deno.test("numbers of the shape of the outputs without their last axis are classes if they are whole", () => {
  assertEquals(readClasses(setOf(samples(Float32Array.of(0, 1, 2), [3])), units(3)), { found: "yes", certain: true });
  assertEquals(readClasses(setOf(samples(Float32Array.of(0, 1.5, 2), [3])), units(3)), {
    ...none,
    odd: { value: 1.5, row: 1, numbers: [1.5] },
  });
  assertEquals(readClasses(setOf(samples(Float32Array.of(0, 1, 2, 0), [2, 2])), sequence), {
    found: "yes",
    certain: true,
  });
});

Deno.test("rows of the shape of the outputs are classes, possible classes, or numbers", () => {
  assertEquals(readClasses(setOf(samples([[0, 1], [1, 0]])), units(2)), { found: "yes", certain: true });
  assertEquals(readClasses(setOf(samples([[0.25, 0.75], [1, 0]])), units(2)), { found: "yes", certain: false });
  assertEquals(readClasses(setOf(samples([[1, 1], [1, 0]])), units(2)), { found: "possible", certain: false });
  const { found, certain, odd } = readClasses(setOf(samples([[0, 1], [-2, 0]])), units(2));
  assertEquals([found, certain, odd?.row, odd?.numbers], ["no", false, 1, [-2, 0]]);
  assertEquals(readClasses(setOf(samples([[0, 1], [1, 0]])), units(3)), none);
  assertEquals(readClasses(setOf(samples([[[0, 1, 0]], [[1, 0, 0]]])), sequence).found, "yes");
  const wide = network("wide", inputLayer({ shape: [null, 3, null, 2] }));
  const one = samples(Float32Array.from({ length: 60 }, (_, i) => i % 2), [2, 3, 5, 2]);
  assertEquals(readClasses(setOf(one), wide), { found: "yes", certain: true });
  assertEquals(readClasses(setOf(samples(new Float32Array(30), [2, 3, 5])), wide), { found: "yes", certain: true });
  assertEquals(readClasses(setOf(samples(new Float32Array(20), [2, 2, 5])), wide), none);
  assertEquals(readClasses(setOf(samples(new Float32Array(2), [2])), wide), none);
  assertEquals(classesIn(setOf(samples([[1, 1], [1, 0]])), units(2)), "possible");
});
