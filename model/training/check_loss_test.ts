import { assertStringIncludes, assertThrows } from "@std/assert";
import { ones, tensor } from "../../core/mod.ts";
import { checkLoss } from "./check_loss.ts";

Deno.test("a loss returns a cost, and may return a divisor, a state and figures", () => {
  const cost = ones([3]);
  checkLoss("train", { cost });
  checkLoss("train", { cost, divisor: tensor(2), state: {}, figures: { accuracy: cost } });
  checkLoss("train", { cost, divisor: undefined, state: undefined, figures: undefined });
  const refused: readonly (readonly [unknown, string])[] = [
    [undefined, "expected the loss to return a record such as { cost }"],
    [cost, "expected the loss to return a record such as { cost }"],
    [{ cost: 5 }, "expected the loss to return a record such as { cost }"],
    [{ cost, divisor: cost }, "expected divisor of the loss to be a scalar tensor"],
    [{ cost, divisor: 2 }, "expected divisor of the loss to be a scalar tensor"],
    [{ cost, state: 5 }, "expected state of the loss to be the state of the layers"],
    [{ cost, figures: [cost] }, "expected figures of the loss as a record of tensors"],
    [{ cost, figures: { a: cost, b: 5 } }, "expected figures of the loss as a record of tensors"],
  ];
  for (const [result, message] of refused) {
    assertStringIncludes(assertThrows(() => checkLoss("train", result), TypeError).message, message);
  }
  for (const name of ["loss", "penalty"]) {
    const message = `Cannot train: expected figures of other names than ${name}, which is the step's own`;
    assertThrows(() => checkLoss("train", { cost, figures: { own: cost, [name]: cost } }), RangeError, message);
  }
  assertThrows(() => checkLoss("train", { cost, figure: {} }), RangeError, "figure");
});
