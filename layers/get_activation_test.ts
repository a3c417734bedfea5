import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { relu } from "../core/functions/activations.ts";
import { describeActivation, getActivation } from "./get_activation.ts";

Deno.test("Activations are functions, names, or either with options, and are written as names", async () => {
  const x = tensor([-10, 1]);
  for (const activator of ["relu", relu] as const) {
    assertEquals(await getActivation(activator)(x).toArray(), [0, 1]);
    assertEquals(await getActivation([activator, { alpha: 0.5 }])(x).toArray(), [-5, 1]);
    assertEquals(describeActivation([activator, { alpha: 0.5 }]), ["relu", { alpha: 0.5 }]);
  }
  assertEquals(describeActivation([relu, { alpha: x }]), { function: "relu" });
  assertThrows(() => getActivation("sigmod" as "sigmoid"), RangeError, "did you mean sigmoid?");
  assertThrows(() => getActivation("toString" as "tanh"), RangeError, "expected one of");
});

Deno.test("An activation refuses options that its function does not have", () => {
  const wrong = { alhpa: 1 } as object;
  assertThrows(
    () => getActivation(["relu", wrong]),
    RangeError,
    'unknown option "alhpa" of activation[1]; did you mean alpha?',
  );
  assertThrows(
    () => getActivation(["tanh", { alpha: 1 }]),
    RangeError,
    'unknown option "alpha" of activation[1]; expected no options',
  );
  assertThrows(() => getActivation(["elu", { alpha: NaN }]), RangeError, "expected activation[1].alpha to be a number");
});

Deno.test("an activation of your own that returns another shape is refused: a layer says what its output is", () => {
  const mean = getActivation((x) => x.mean({ axis: 0, keepDims: true }));
  const x = tensor([[1, 2], [3, 4]]);
  assertThrows(() => mean(x), TypeError, "to return the shape [2, 2], got [1, 2]");
  assertEquals(getActivation((x) => x.square())(x).shape, [2, 2]);
});
