import { assertEquals, assertStrictEquals } from "@std/assert";
import { setDevice, tensor } from "../../core/mod.ts";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { getObjective } from "../../optim/mod.ts";
import { targetsOf } from "../target_data.ts";
import { countClasses, countedTargets, ignoredBy, ignoring, wholeMetric } from "./ignored_class.ts";

const plain = getObjective("categoricalCrossentropyFromLogits");
const ofClass = (ignoreIndex: number) => getObjective("categoricalCrossentropyFromLogits", { ignoreIndex });
const error = getObjective("categoricalError");

Deno.test("an objective ignores the class of its option, if it has one", () => {
  assertEquals([ofClass(-1), ofClass(0), plain, error].map(ignoredBy), [-1, 0, undefined, undefined]);
});

Deno.test("only class numbers other than the ignored one count", async () => {
  await setDevice("wasm");
  const prediction = tensor([[1, 2], [2, 1], [0, 3]]);
  const target = tensor(Int32Array.of(1, 7, 0), [3]);
  assertEquals(await countedTargets(ofClass(7), { prediction, target })?.toArray(), [true, false, true]);
  assertEquals(countedTargets(plain, { prediction, target }), undefined);
  assertEquals(countedTargets(ofClass(7), { prediction, target: prediction }), undefined);
  const partial = ignoring(error, 7);
  assertEquals(await partial(prediction, target).toArray(), [0, 0, 1]);
  const rows = tensor([[0, 1], [0, 1], [1, 0]]);
  assertEquals(await partial(prediction, rows).toArray(), [0, 1, 1]);
  assertStrictEquals(wholeMetric(ignoring(partial, 3)), error);
  assertStrictEquals(wholeMetric(error), error);
});

Deno.test("classes are counted up to the highest one of any set that is not ignored", () => {
  const set = (...classes: readonly number[]) => ({
    x: samples(classes.map(() => [1])),
    y: Int32Array.from(classes),
  });
  const count = (sets: readonly (readonly number[])[], ignored: number) => {
    const [first, second, third] = sets.map((classes) => set(...classes));
    const all = third ? data([first, second, third]) : data([first, second]);
    return countClasses(targetsOf(all, "only"), ignored);
  };
  assertEquals(count([[0, 2, 9], [1]], 9), 3);
  assertEquals(count([[0], [4, 1]], 9), 5);
  assertEquals(count([[0], [1], [6]], 9), 7);
  assertEquals(count([[9, 9], [9]], 9), 0);
  assertEquals(count([[0, 9], [9]], 9), 1);
});
