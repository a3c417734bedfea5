import { assertEquals, assertThrows } from "@std/assert";
import { GreyLevels } from "./grey_levels.ts";
import { type Samples, samples } from "./samples.ts";
import { fitInputs, fitScaling, InputScaling, inputScalingOf, scalingFor, scalingOf } from "./scaling.ts";

const x = samples([[1, 5], [3, 5], [5, 5]]);
const tokens: Samples<Int32Array> = { values: Int32Array.of(1, 2, 3), shape: [3, 1] };
const valuesOf = ({ values }: { readonly values: ArrayLike<number> }): number[] => Array.from(values);

Deno.test("scalings are plain data from which they can be made again", () => {
  const normalized = fitScaling("normalize", x);
  assertEquals(normalized.configuration, { kind: "normalize", min: [1, 5], max: [5, 5] });
  const scaled = scalingOf(normalized.configuration).apply(x);
  assertEquals(valuesOf(scaled), [0, 0, 0.5, 0, 1, 0]);
  assertEquals(valuesOf(normalized.revert(scaled)), valuesOf(x));
  const standardized = fitScaling("standardize", samples([[1], [3]]));
  assertEquals(standardized.configuration, { kind: "standardize", mean: [2], std: [1] });
  const moved = scalingOf({ kind: "standardize", mean: [2], std: [4] });
  assertEquals(valuesOf(moved.apply(samples([[10]]))), [2]);
  assertEquals(valuesOf(moved.revert(samples([[2]]))), [10]);
});

Deno.test("of several inputs, each is scaled by itself, except whole numbers", () => {
  const scaling = fitInputs("normalize", { a: x, words: tokens, levels: new GreyLevels(Uint8Array.of(0, 51), [2, 1]) });
  if (!(scaling instanceof InputScaling)) throw new Error("expected the scaling of several inputs");
  const { kind, inputs } = scaling.configuration;
  assertEquals([kind, Object.keys(inputs)], ["inputs", ["a", "levels"]]);
  assertEquals(inputs.a, { kind: "normalize", min: [1, 5], max: [5, 5] });
  const again = inputScalingOf(scaling.configuration);
  const scaled = again.apply({ a: x, words: tokens });
  assertEquals([valuesOf(scaled.a), scaled.words === tokens], [[0, 0, 0.5, 0, 1, 0], true]);
  assertEquals(valuesOf(again.revert(scaled).a), valuesOf(x));
  for (const wrong of [x, { a: [1, 2] }, [x], undefined]) {
    assertThrows(() => again.apply(wrong as never), TypeError, "Cannot scale inputs: expected a record of samples");
    assertThrows(() => again.revert(wrong as never), TypeError, "Cannot revert the scaling of inputs: expected");
  }
  assertEquals(fitInputs("normalize", x) instanceof InputScaling, false);
});

Deno.test("the scaling of an input is found by its name, or without one if it is the only input", () => {
  const one = scalingOf({ kind: "standardize", mean: [0], std: [1] });
  const only = new InputScaling({ a: one });
  assertEquals(scalingFor(only, "a") === one && scalingFor(only, undefined) === one, true);
  assertEquals([scalingFor(only, "b"), scalingFor(only, "toString")], [undefined, undefined]);
  assertEquals(scalingFor(new InputScaling({ a: one, b: one }), undefined), undefined);
  assertEquals(scalingFor(one, "a") === one && scalingFor(undefined, "a") === undefined, true);
});
