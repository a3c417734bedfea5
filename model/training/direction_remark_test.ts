import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Tensor } from "../../core/tensor.ts";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { denseLayer } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { meanAbsoluteError, meanSquaredError, type Objective } from "../../optim/objectives.ts";
import { f1 } from "../../optim/set_metrics/class_metrics.ts";
import { meanObjective } from "../../optim/set_metrics/mean_objective.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { TrainOptions } from "./train_options.ts";

/** The share of close predictions: higher is better. */
const within = (prediction: Tensor, target: Tensor): Tensor =>
  prediction.sub(target).abs().less(0.2).cast("f32").mean({ axis: -1 });

/** A training on a line, and what its end says. */
async function trainedWith(
  evaluationMetric: Objective | undefined,
  { learningRate = 0.2, ...options }: TrainOptions & { readonly learningRate?: number } = {},
) {
  const x = samples(Array.from({ length: 20 }, (_, i) => [i / 10 - 1]));
  const y = samples(Array.from({ length: 20 }, (_, i) => [3 * (i / 10 - 1)]));
  const input = inputLayer({ shape: [null, 1] });
  const untrained = model({
    network: network("line", denseLayer(input, { nUnits: 1, activation: "linear" })),
    data: data([{ x, y }, { x, y }]),
    objective: meanSquaredError,
    hyperparameters: { batchSize: 10, nEpochs: 30, learningRate },
    ...(evaluationMetric && { evaluationMetric }),
  });
  const lines: string[] = [];
  let remark: string | undefined;
  const onEvent = (event: { event: string; remark?: string }) => {
    if (event.event === "end") remark = event.remark;
  };
  const { report } = await untrained.train({ ...options, log: (line) => void lines.push(line), onEvent });
  return { report, remark, lines };
}

const REMARK =
  "The lowest within was that of the first epoch, although the training loss fell: if higher is better, pass " +
  'train({ metrics: [meanObjective(within, { direction: "maximize" })], monitor: "within" })';

testOnEveryDevice("an own function that kept the first epoch is remarked on, with the cure", async () => {
  const { report, remark, lines } = await trainedWith(within);
  assert(report.bestIteration! <= report.batches);
  assertEquals([remark, lines.at(-1)], [REMARK, REMARK]);
  const monitored = await trainedWith(undefined, { metrics: [within], monitor: "within" });
  assertEquals(monitored.remark, REMARK);
});

testOnEveryDevice("a stated direction and the library's own functions cause no remark", async () => {
  const options = { metrics: [meanObjective(within, { direction: "maximize" })], monitor: "within" };
  const { report, remark } = await trainedWith(undefined, options);
  assertEquals([report.metrics!.validation!.within, remark], [1, undefined]);
  assertEquals((await trainedWith(meanAbsoluteError)).remark, undefined);
  assertEquals((await trainedWith(within, { learningRate: 0 })).remark, undefined, "the loss stays the same");
  assertEquals((await trainedWith(within, { monitor: "loss" })).remark, undefined);
});

Deno.test("a metric of whole sets as evaluationMetric is refused with the option of train", () => {
  for (const [given, got] of [["f1", '"f1"'], [f1(), "metric f1"]] as const) {
    const parts: object = { evaluationMetric: given };
    assertThrows(() => model(parts), RangeError, 'monitor: "f1" }');
    assertThrows(() => model(parts), RangeError, `got ${got}`);
  }
});
