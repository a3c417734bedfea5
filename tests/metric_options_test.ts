/**
 * Tests each option of the metrics of whole sets against what its definition says.
 */

import { assertEquals } from "@std/assert";
import { tensor } from "../core/mod.ts";
import type { EvaluateOptions } from "../model/mod.ts";
import { evaluateOptions } from "../model/training/evaluate_model.ts";
import { untrained } from "../model/training/test_resuming.ts";
import * as optim from "../optim/mod.ts";
import { thresholdOptions, topKOptions } from "../optim/set_metrics/accuracy.ts";
import { aucOptions } from "../optim/set_metrics/auc.ts";
import { classMetricOptions } from "../optim/set_metrics/class_metrics.ts";
import { meanObjectiveOptions, perplexityOptions } from "../optim/set_metrics/mean_objective.ts";
import { r2Options } from "../optim/set_metrics/regression_metrics.ts";
import { assertElements, testOptions } from "./option_definitions.ts";

type Rows = readonly (number | readonly number[])[];

/** Fails unless a metric has these values for predictions and targets. */
async function assertMetric(
  metric: optim.Metric,
  [p, t]: readonly [Rows, Rows],
  wanted: readonly number[],
): Promise<void> {
  const of = (rows: Rows) => tensor(rows.map((row) => typeof row === "number" ? row : [...row]));
  const state = metric.update(metric.init(of(p), of(t)), of(p), of(t));
  await assertElements(metric.result(state), wanted, metric.name);
}

const answers = [[0.1, 0.3, 0.6, 0.8], [0, 1, 0, 1]] as const;
const classes = [[[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.6, 0.3, 0.1]], [0, 2, 1]] as const;

testOptions<EvaluateOptions>("model.evaluate", evaluateOptions, {
  metrics: async () => {
    const { model: trained, report } = await untrained.train({ metrics: ["accuracy"] });
    const found = await trained.evaluate(undefined, { metrics: ["accuracy"] });
    assertEquals(found.accuracy, report.metrics!.test!.accuracy);
    assertEquals(Object.keys(await trained.evaluate()), ["loss", "error"]);
  },
  deviceBytes: async () => {
    const { model: trained } = await untrained.train();
    const names = ["accuracy", "auc", "perplexity"];
    const resident = await trained.evaluate(trained.data.training, { metrics: names });
    assertEquals(await trained.evaluate(trained.data.training, { metrics: names, deviceBytes: 500 }), resident);
  },
});

testOptions<optim.ThresholdOptions>("accuracy", thresholdOptions, {
  threshold: async () => {
    await assertMetric(optim.accuracy(), answers, [0.5]);
    await assertMetric(optim.accuracy({ threshold: 0.3 }), answers, [0.75]);
    await assertMetric(optim.confusionCounts({ threshold: 0.7 }), answers, [2, 0, 1, 1]);
  },
});

testOptions<optim.TopKOptions>("topKAccuracy", topKOptions, {
  k: async () => {
    await assertMetric(optim.topKAccuracy({ k: 1 }), classes, [2 / 3]);
    await assertMetric(optim.topKAccuracy({ k: 2 }), classes, [1]);
    const six = [[[6, 5, 4, 3, 2, 1], [6, 5, 4, 3, 2, 1]], [4, 5]] as const;
    await assertMetric(optim.topKAccuracy(), six, [0.5]);
  },
});

testOptions<optim.ClassMetricOptions>("f1", classMetricOptions, {
  average: async () => {
    // Class 0 has a right and a wrong prediction, 1 is never predicted, 2 is right.
    await assertMetric(optim.f1({ average: "none" }), classes, [2 / 3, 0, 1]);
    for (const options of [{}, { average: "macro" as const }]) await assertMetric(optim.f1(options), classes, [5 / 9]);
    await assertMetric(optim.f1({ average: "micro" }), classes, [2 / 3]);
  },
  threshold: async () => {
    const yes = [[[0.4, 0.1], [0.6, 0.2]], [[1, 0], [0, 1]]] as const;
    await assertMetric(optim.recall({ threshold: 0.3, average: "none" }), yes, [1, 0]);
    await assertMetric(optim.precision({ threshold: 0.2, average: "none" }), yes, [0.5, 1]);
  },
});

testOptions<optim.AucOptions>("auc", aucOptions, {
  average: async () => {
    const two = [[[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]], [0, 1, 1]] as const;
    await assertMetric(optim.auc({ average: "none" }), two, [1, 1]);
    for (const options of [{}, { average: "macro" as const }]) await assertMetric(optim.auc(options), two, [1]);
    // Of the positive 0.9, 0.6, 0.3 and the negative 0.1, 0.4, 0.7, six pairs of nine are in order.
    await assertMetric(optim.auc({ average: "micro" }), two, [6 / 9]);
  },
  fromLogits: async () => {
    const logits = [[-3, 2, 3, 9], [0, 0, 1, 1]] as const;
    await assertMetric(optim.auc({ fromLogits: true }), logits, [1]);
    await assertMetric(optim.auc(), logits, [0.75]); // all but the first count as 1
  },
  bins: async () => {
    const near = [[0.5, 0.51], [0, 1]] as const;
    await assertMetric(optim.auc(), near, [1]);
    await assertMetric(optim.auc({ bins: 16 }), near, [0.5]);
  },
});

testOptions<optim.R2Options>("r2", r2Options, {
  average: async () => {
    const two = [[[1, 2], [3, 2]], [[1, 1], [3, 3]]] as const;
    await assertMetric(optim.r2({ average: "none" }), two, [1, 0]);
    for (const options of [{}, { average: "macro" as const }]) await assertMetric(optim.r2(options), two, [0.5]);
  },
});

testOptions<optim.PerplexityOptions>("perplexity", perplexityOptions, {
  fromLogits: async () => {
    await assertMetric(optim.perplexity({ fromLogits: true }), [[[0, 0, 0, 0]], [1]], [4]);
    await assertMetric(optim.perplexity(), [[[0.5, 0.25, 0.25]], [1]], [4]);
  },
  ignoreIndex: async () => {
    await assertMetric(optim.perplexity({ ignoreIndex: 0 }), [[[0.5, 0.5], [0.75, 0.25]], [0, 1]], [4]);
  },
});

testOptions<optim.MeanObjectiveOptions>("meanObjective", meanObjectiveOptions, {
  name: () => {
    assertEquals(optim.meanObjective(optim.huberError, { name: "tolerant" }).name, "tolerant");
    assertEquals(optim.meanObjective(optim.huberError).name, "huberError");
  },
  direction: () => {
    assertEquals(optim.meanObjective(optim.binaryAccuracy, { direction: "maximize" }).direction, "maximize");
    assertEquals(optim.meanObjective(optim.huberError).direction, "minimize");
  },
});
