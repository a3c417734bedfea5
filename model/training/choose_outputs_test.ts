import { assertEquals, assertThrows } from "@std/assert";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { network } from "../network.ts";
import { chooseOutputs } from "./choose_outputs.ts";

const input = inputLayer({ shape: [null, 1], name: "input" });
const kind = logisticRegression(input, { nClass: 2, name: "kind" });
const size = denseLayer(input, { nUnits: 1, activation: "linear", name: "size" });
const net = network("net", { kind, size });

/** The objectives that two outputs get for targets of the second one. */
function chosen(ofSize: Int32Array | ReturnType<typeof samples>): readonly (string | undefined)[] {
  const set = { x: samples([[1], [2]]), y: { kind: Int32Array.of(0, 1), size: ofSize } };
  const { training } = data([set, set]);
  const outputs = chooseOutputs("train", { network: net }, { set: training, answers: [training], metrics: [] });
  return outputs.map(({ names }) => names?.objective);
}

Deno.test("an output without an objective learns numbers, and refuses class numbers that it has no units for", () => {
  assertEquals(chosen(samples([[3], [5]])), ["categoricalCrossentropyError", "meanSquaredError"]);
  const message = "expected outputs of at least 2 classes for class numbers";
  assertThrows(() => chosen(Int32Array.of(0, 1)), TypeError, message);
});
