import { assertEquals, assertThrows } from "@std/assert";
import { getMetric, setMetrics } from "./metric_registry.ts";

Deno.test("each metric has the name by which it is found, and is rebuilt from its configuration", () => {
  for (const name of Object.keys(setMetrics)) {
    const metric = getMetric(name);
    assertEquals(metric.name, name);
    const [made, options] = metric.configuration ?? ["", {}];
    assertEquals(made, name);
    assertEquals(getMetric(made, options).configuration, metric.configuration);
  }
  const { configuration } = getMetric("f1", { average: "micro" });
  assertEquals(configuration, ["f1", { average: "micro" }]);
});

Deno.test("accuracies are maximized, errors minimized, and counts have no order", () => {
  const directions = (direction: string | null): string[] =>
    Object.keys(setMetrics).filter((name) => getMetric(name).direction === direction).sort();
  assertEquals(directions(null), ["confusionCounts"]);
  assertEquals(directions("maximize"), [
    ...["accuracy", "auc", "binaryAccuracy", "categoricalAccuracy", "f1", "precision", "r2", "recall", "topKAccuracy"],
  ]);
});

Deno.test("an unknown name or option is refused with the nearest one", () => {
  assertThrows(() => getMetric("acuracy"), RangeError, 'Cannot find metric "acuracy": did you mean accuracy?');
  assertThrows(() => getMetric("f1", { avrage: "micro" }), RangeError, "did you mean average?");
  assertThrows(() => getMetric("f1", { average: "weighted" }), RangeError, "one of macro, micro, none");
  assertThrows(() => getMetric("topKAccuracy", { k: 0 }), RangeError, "expected k to be a whole number of at least 1");
});
