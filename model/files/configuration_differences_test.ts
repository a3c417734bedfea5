import { assertEquals } from "@std/assert";
import { activationLayer, denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { network } from "../network.ts";
import { type ComparableConfiguration, configurationDifferences } from "./configuration_differences.ts";

/** The configuration of a network of a hidden layer, or of two branches in an order. */
function configurationOf({ nUnits = 5, name = "hidden", isSwapped = false } = {}): ComparableConfiguration {
  const input = inputLayer({ shape: [null, 4], name: "input" });
  const hidden = denseLayer(input, { nUnits, name });
  const layers = [input, hidden, activationLayer(hidden, { activation: "relu", name: "relu" })];
  const net = network("mlp", [...layers, logisticRegression(layers[2], { nClass: 2, name: "output" })]).toConf();
  const [first, second, ...others] = net.layers;
  return { network: { ...net, layers: isSwapped ? [second, first, ...others] : net.layers }, hyperparameters: {} };
}

Deno.test("a difference of two networks names the layer and its option", () => {
  assertEquals(configurationDifferences(configurationOf(), configurationOf()), []);
  assertEquals(configurationDifferences(configurationOf(), configurationOf({ nUnits: 6 })), [
    "network.layers.hidden.configuration.nUnits: 5, not 6",
  ]);
});

Deno.test("a layer that only one network has is a difference, and so is another order", () => {
  const problems = configurationDifferences(configurationOf(), configurationOf({ name: "other" }));
  const starts = problems.map((problem) => problem.slice(0, problem.indexOf(":")));
  assertEquals(starts, ["network.layers.hidden", "network.layers.relu.incoming", "network.layers.other"]);
  assertEquals(configurationDifferences(configurationOf(), configurationOf({ isSwapped: true })), [
    "network.layers: input, hidden, relu, output, not hidden, input, relu, output",
  ]);
});
