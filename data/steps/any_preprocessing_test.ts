import { assert, assertEquals, assertThrows } from "@std/assert";
import { fitScaling, InputScaling } from "../scaling.ts";
import { samples } from "../samples.ts";
import { anyPreprocessing, preprocessingKind, scalingIn } from "./any_preprocessing.ts";

const scaling = anyPreprocessing({ kind: "standardize", mean: [1, 2], std: [3, 4] });

Deno.test("scalings of one input and of several are preprocessings, and other values are none", () => {
  const several = anyPreprocessing({ kind: "inputs", inputs: { a: { kind: "normalize", min: [0], max: [2] } } });
  assertEquals([scaling, several].map((one) => preprocessingKind.accepts(one)), [true, true]);
  const whole = { apply: () => {}, revert: () => {}, configuration: {} };
  assertEquals(preprocessingKind.accepts(whole), true);
  const parts = Object.keys(whole).map((name) => ({ ...whole, [name]: undefined }));
  for (const part of parts) {
    const left = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
    assertEquals(preprocessingKind.accepts(left), false, Object.keys(left).join());
  }
  for (const other of [null, undefined, 3, "normalize", {}, []]) assertEquals(preprocessingKind.accepts(other), false);
});

Deno.test("the scaling in a preprocessing is itself", () => {
  assertEquals(scalingIn(scaling), scaling);
  assertEquals(scalingIn(undefined), undefined);
});

Deno.test("a preprocessing out of plain data does the same as the one that they describe", () => {
  const fitted = fitScaling("normalize", samples([[1, 10], [3, 30]]));
  const read = anyPreprocessing(fitted.configuration);
  const given = samples([[2, 40]]);
  const again = scalingIn(read);
  assert(again && !(again instanceof InputScaling));
  assertEquals(again.apply(given), fitted.apply(given));
  assertEquals(read.configuration, { kind: "normalize", min: [1, 10], max: [3, 30] });
});

Deno.test("plain data of scalings need as many numbers of both kinds, and scalings of their inputs", () => {
  const refused: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ kind: "normalize", min: [1], max: [2, 3] }, "expected as many numbers of each kind, got 1 and 2"],
    [{ kind: "standardize", mean: [1, 2], std: [2] }, "expected as many numbers of each kind, got 2 and 1"],
    [
      { kind: "inputs", inputs: { a: { kind: "zca" } } },
      'expected the kind of input "a" to be normalize or standardize',
    ],
    [{ kind: "inputs", inputs: [1] }, "a record of scalings by the names of inputs"],
    [{ kind: "inputs", inputs: { a: 3 } }, "a record of scalings by the names of inputs"],
  ];
  for (const [given, message] of refused) assertThrows(() => anyPreprocessing(given), TypeError, message);
});
