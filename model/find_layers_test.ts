import { assertEquals } from "@std/assert";
import { activationLayer, denseLayer, inputLayer, logisticRegression, reshapeLayer } from "../layers/mod.ts";
import { logitsPath } from "./find_layers.ts";

const input = inputLayer({ shape: [null, 4] });
const classes = logisticRegression(input, { nClass: 6 });

Deno.test("the path to the logits leads from a softmax through layers that pass its rows on", () => {
  const shaped = reshapeLayer(classes, { outputShape: [null, 1, 6] });
  assertEquals(logitsPath(classes), [classes]);
  assertEquals(logitsPath(shaped), [classes, shaped]);
});

Deno.test("there is no path to logits through a layer that changes rows, from another output, or from nothing", () => {
  assertEquals(logitsPath(denseLayer(classes, { nUnits: 6 })), []);
  assertEquals(logitsPath(activationLayer(classes, { activation: "relu" })), []);
  assertEquals(logitsPath(denseLayer(input, { nUnits: 6 })), []);
  assertEquals(logitsPath(undefined), []);
});
