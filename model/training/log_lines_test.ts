import { assertEquals } from "@std/assert";
import { logLines, summaryLines } from "./log_lines.ts";
import type { Report } from "./report.ts";

const report: Report = {
  model: "mlp with dropout",
  network: "2 layers mlp with dropout",
  parameters: 1,
  data: "mnist",
  dataHash: "ab12",
  seed: 1,
  updates: "nesterovMomentum",
  hyperparameters: {},
  device: { kind: "wasm", name: "WebAssembly", software: false },
  versions: { yadll: "0.1.0" },
  epochs: 466,
  iterations: 46_599,
  batches: 1,
  stop: "patience",
  errorUnit: "%",
  validationError: 1.26,
  bestIteration: 23_300,
  testError: 1.32,
  seconds: { total: 149, compile: 0, pretrain: 0, train: 140, validate: 9, save: 0 },
  samplesPerSecond: 1,
  history: [],
};

Deno.test("the end of a training is logged in the words of the documentation", () => {
  assertEquals(logLines({ event: "end", report }), [
    "",
    "Optimization completed. Early stopped at epoch: 466",
    "Validation score of 1.260 % obtained at iteration 23300, with test performance 1.320 %",
    "Training mlp with dropout took 02 m 29 s",
  ]);
});

Deno.test("a validation is logged in the words of the documentation", () => {
  const position = { epoch: 463, batch: 100, batches: 100, iteration: 46_300 };
  const errors = { validationError: 1.36, validationLoss: 0.05, trainLoss: 0.01, errorUnit: "%" } as const;
  assertEquals(logLines({ event: "validation", ...position, ...errors }), [
    "epoch 463, minibatch 100/100, validation error 1.360 %",
  ]);
  assertEquals(logLines({ event: "step", ...position }), []);
});

Deno.test("missing measurements are not logged, and plain errors have no unit", () => {
  const unmeasured: Report = {
    ...report,
    stop: "aborted",
    epochs: 1,
    validationError: null,
    bestIteration: null,
    testError: null,
  };
  assertEquals(summaryLines(unmeasured), [
    "Optimization interrupted in epoch: 1",
    "Training mlp with dropout took 02 m 29 s",
  ]);
  assertEquals(
    summaryLines({ ...report, errorUnit: "", testError: null })[1],
    "Validation score of 1.260 obtained at iteration 23300",
  );
});

Deno.test("small errors, losses and costs are logged with four significant digits, not as zero", () => {
  const position = { epoch: 1, batch: 4, batches: 4, iteration: 4 };
  const measured = { validationError: null, validationLoss: 0.00012344, trainLoss: 1, errorUnit: "" } as const;
  assertEquals(logLines({ event: "validation", ...position, ...measured }), [
    "epoch 1, minibatch 4/4, validation loss 0.0001234",
  ]);
  const layer = { layer: "AutoEncoder 1", epoch: 1, epochs: 2, cost: 0.00001 };
  assertEquals(logLines({ event: "pretraining", ...layer }), ["pre-training AutoEncoder 1, epoch 1/2, cost 1e-5"]);
  assertEquals(
    summaryLines({ ...report, errorUnit: "", validationError: 1.03e-7, testError: 0.0625 })[1],
    "Validation score of 1.03e-7 obtained at iteration 23300, with test performance 0.06250",
  );
});

Deno.test("metrics are logged with each validation, and with the results at the end", () => {
  const position = { epoch: 1, batch: 4, batches: 4, iteration: 4 };
  const measured = { validationError: 12.5, validationLoss: 0.5, trainLoss: 1, errorUnit: "%" } as const;
  assertEquals(logLines({ event: "validation", ...position, ...measured, metrics: { f1: 0.75, "each/0": 1 } }), [
    "epoch 1, minibatch 4/4, validation error 12.500 %, f1 0.7500",
  ]);
  const metrics = { validation: { f1: 0.75 }, test: { f1: 0.5 } };
  assertEquals(summaryLines({ ...report, metrics }).slice(2, 4), [
    "Validation metrics: f1 0.7500",
    "Test metrics: f1 0.5000",
  ]);
});
