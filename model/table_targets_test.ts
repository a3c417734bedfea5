import { assertRejects } from "@std/assert";
import { tableData, tableOf } from "../data/mod.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import { model } from "./model.ts";
import { network } from "./network.ts";

Deno.test("a target of numbers 0 and 1 that are to be classes is refused with the option that makes them such", async () => {
  const rows = tableOf(Array.from({ length: 40 }, (_, i) => ({ value: i, "will churn": i % 2, left: i % 2 })));
  const input = inputLayer({ shape: [null, 1] });
  const train = (targets: Parameters<typeof tableData>[1]["targets"], nUnits: number) => {
    const activation = nUnits > 1 ? "softmax" : "sigmoid";
    return model({
      network: network("churn", [input, denseLayer(input, { nUnits, activation })]),
      data: tableData([rows, rows], { inputs: ["value"], targets }),
      hyperparameters: { batchSize: 20, nEpochs: 1 },
      ...(nUnits === 1 && { objective: "binaryCrossentropyError", evaluationMetric: "binaryError" }),
    }).train();
  };
  for (const [target, key] of [["left", "left"], ["will churn", '"will churn"']]) {
    const advice =
      `; if the numbers of column "${target}" are classes, pass targets: { ${key}: "classes" } to tableData`;
    for (const nUnits of [1, 2]) {
      await assertRejects(() => train(target, nUnits), TypeError, advice);
      await train({ [target]: "classes" }, nUnits);
    }
    await train({ [target]: [] }, 1);
  }
});
