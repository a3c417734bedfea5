import { assertEquals } from "@std/assert";
import { errorText, measuredText, measuresOf, metricTexts, shortText } from "./measures.ts";

Deno.test("a metric is shown by its own name, and an accuracy as one", () => {
  const shown = (metric: string, errorUnit: "%" | "", error: number) => {
    const measures = measuresOf({ objective: "", metric, errorUnit });
    return [errorText(error, measures), errorText(error, measures, "short")];
  };
  assertEquals(shown("categoricalError", "%", 2.24), ["categorical error 2.240 %", "error 2.240 %"]);
  assertEquals(shown("binaryAccuracy", "%", 2.24), ["binary accuracy 97.76 %", "accuracy 97.76 %"]);
  assertEquals(shown("meanSquaredError", "", 1.03e-7), ["mean squared error 1.03e-7", "mean squared error 1.03e-7"]);
  assertEquals(shown("top5_miss", "", 0.5), ["top5 miss 0.5000", "top5 miss 0.5000"]);
  assertEquals(shown("", "", 1), ["error 1.000", "error 1.000"]);
});

Deno.test("without a metric, the loss is named after the objective", () => {
  const regression = measuresOf({ objective: "meanSquaredError", metric: null, errorUnit: "" });
  assertEquals(
    measuredText("validation", { error: null, loss: 0.00012344 }, regression),
    "validation loss 0.0001234 (mean squared error)",
  );
  const classes = measuresOf({ objective: "categoricalCrossentropyError", metric: "categoricalError" });
  assertEquals(
    measuredText("test", { error: 0, loss: 0.08123 }, classes),
    "test loss 0.08123, categorical error 0 %",
  );
  assertEquals(measuredText("validation", { error: null, loss: null }, classes), "");
  const short = (error: number | null, measures: typeof classes) =>
    shortText("validation", { error, loss: 2 }, measures);
  assertEquals(short(null, regression), "validation mean squared error 2.000");
  assertEquals(short(1, classes), "validation loss 2.000, error 1.000 %");
  const own = measuresOf({ objective: "", metric: null, errorUnit: "" });
  assertEquals(measuredText("validation", { error: null, loss: 2 }, own), "validation loss 2.000");
});

Deno.test("metrics follow error and loss in words, without those that have a value per class", () => {
  const metrics = { f1: 0.81234567, meanAbsoluteError: 1.5, "macro F1": 0.5, "each/0": 1, auc: NaN };
  assertEquals(metricTexts(metrics), ["f1 0.8123", "mean absolute error 1.500", "macro F1 0.5000", "auc NaN"]);
  assertEquals(
    measuredText("validation", { error: null, loss: 2, metrics: { f1: 0.5 } }, measuresOf({ metric: null })),
    "validation loss 2.000, f1 0.5000",
  );
});
