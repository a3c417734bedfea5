import { assertEquals, assertThrows } from "@std/assert";
import type { Tensor } from "../../core/tensor.ts";
import { meanObjective } from "../../optim/set_metrics/mean_objective.ts";
import { metricForms, objectiveForms } from "../../optim/registry.ts";
import { getMetric } from "../../optim/metric_registry.ts";
import { getObjective } from "../../optim/registry.ts";
import { type GivenMetric, metricList, metricOf, metricsOf, savedMetrics } from "./metric_option.ts";

/** Values of options by name, other than the defaults. */
const values: Readonly<Record<string, number>> = { threshold: 0.25, delta: 2, labelSmoothing: 0.1, ignoreIndex: 7 };

Deno.test("a function with options is the same metric as without: its name, direction and configuration stay", () => {
  const facts = (given: GivenMetric) => {
    const { name, direction, unit, takes } = metricOf(given);
    return { name, direction, unit, takes };
  };
  for (const [name, { options }] of Object.entries({ ...objectiveForms, ...metricForms })) {
    assertEquals(facts(getObjective(name)), facts(name));
    for (const option of Object.keys(options)) {
      const given = { [option]: values[option] };
      const metric = metricOf(getObjective(name, given));
      assertEquals(facts(metric), facts(name), `${name} with ${option}`);
      assertEquals([metric.configuration?.[0], metric.configuration?.[1][option]], [name, values[option]]);
      const mean = meanObjective(getObjective(name, given));
      assertEquals([mean.name, mean.direction], [name, getMetric(name).direction], `mean of ${name} with ${option}`);
      const [again] = metricsOf(savedMetrics([metric]), "a.ym");
      assertEquals([facts(again), again.configuration], [facts(metric), metric.configuration]);
    }
  }
  assertEquals(meanObjective(getObjective("categoricalAccuracy")).direction, "maximize");
  assertEquals(meanObjective(getObjective("binaryAccuracy"), { direction: "minimize" }).direction, "minimize");
});

Deno.test("what is no metric is refused with its place in the list and the nearest name", () => {
  const option = metricList({});
  for (const [given, at] of [[["acuracy"], 0], [["f1", "acuracy"], 1]] as const) {
    const { path, expected } = option.refuse(given);
    assertEquals([path, expected], [`[${at}]`, "the name of a metric, did you mean accuracy?"]);
  }
  assertEquals(option.refuse("f1").path, "");
});

Deno.test("a function of your own is a metric of its name that is minimized, and files do not contain it", () => {
  const own = (prediction: Tensor): Tensor => prediction.sum({ axis: 1 });
  const metric = metricOf(own);
  assertEquals([metric.name, metric.direction, metric.configuration], ["own", "minimize", undefined]);
  assertThrows(() => metricsOf(savedMetrics([metric]), "a.ym"), TypeError, 'without its metric "own"');
});
