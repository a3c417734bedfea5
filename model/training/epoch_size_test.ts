import { assertThrows } from "@std/assert";
import { accumulate, chain, sgd } from "../../optim/mod.ts";
import { checkAccumulation, checkPatience } from "./epoch_size.ts";

const accumulating = (steps: number) => chain(accumulate(steps), sgd());

Deno.test("a rule may accumulate the gradients of all steps of a training, and of no more", () => {
  checkAccumulation("train", accumulating(6), { nEpochs: 2, batches: 3 });
  checkAccumulation("train", sgd(), { nEpochs: 0, batches: 3 });
  assertThrows(
    () => checkAccumulation("train", accumulating(7), { nEpochs: 2, batches: 3 }),
    RangeError,
    "expected at most 6 steps per update, all steps of the training, got 7",
  );
});

Deno.test("the first update may be at the last validation before early stopping, unless training ends before", () => {
  // Validations are after steps 2, 4, …, and early stopping ends the training after step 6.
  const check = (steps: number, nEpochs: number) =>
    checkPatience("train", accumulating(steps), { nEpochs, batches: 2, patience: 5 });
  check(6, 100);
  assertThrows(() => check(7, 3), RangeError, "expected the first update at step 6 at the latest");
  check(7, 2);
});
