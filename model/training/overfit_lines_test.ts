import { assertEquals } from "@std/assert";
import { dryRunLine } from "./dry_run_lines.ts";
import { overfitLines } from "./overfit_lines.ts";

Deno.test("a training that overfits is reported in one line, with what to look at if it failed", () => {
  const goal = { examples: 5, firstLoss: 2, goal: 0.02, reached: true, lookAt: [] };
  assertEquals(overfitLines(goal, { validationLoss: 0.015 }), [
    "Overfitting 5 examples succeeded: the loss fell from 2.000 to 0.015, near zero",
  ]);
  assertEquals(overfitLines({ ...goal, examples: 1, reached: false, lookAt: ["a", "b"] }, {}), [
    "Warning: overfitting 1 example failed: the loss went from 2.000 to unknown, not to 0.020 or less. Look at a; b",
  ]);
});

Deno.test("a dry run is reported in one line, with its sets, steps and file", () => {
  const run = { examples: { training: 1, validation: 2, test: null }, epochs: 1, batches: 1, file: null, bytes: null };
  assertEquals(
    dryRunLine(run),
    "Dry run, nothing was written: a step of 1 example, validation of 2; the training would have up to 1 epoch of 1 " +
      "step, and nothing would be saved",
  );
  const examples = { training: 20, validation: 30, test: 40 };
  const saved = { examples, epochs: 3, batches: 2, file: "a.ym", bytes: 12345 };
  assertEquals(
    dryRunLine(saved),
    "Dry run, nothing was written: a step of 20 examples, validation of 30, test of 40; the training would have up to " +
      "3 epochs of 2 steps, and it would be saved in a.ym (12,345 bytes)",
  );
  assertEquals(dryRunLine({ ...saved, bytes: null }).endsWith("saved in a.ym"), true);
});
