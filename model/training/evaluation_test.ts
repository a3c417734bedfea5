import { assert, assertEquals } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { key } from "../../core/random/bits.ts";
import { samples } from "../../data/samples.ts";
import { tensorSet } from "../../data/tensor_set.ts";
import { denseLayer } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { meanSquaredError } from "../../optim/objectives.ts";
import { sgd } from "../../optim/updates.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { network } from "../network.ts";
import { compileEvaluation } from "./evaluation.ts";
import { onlyOutput } from "./outputs.ts";

// One example per batch, and each of them has the cost (3 · 0.1)².
const input = inputLayer({ shape: [1, 1] });
const fixed = { W: tensor([[0.1]]), b: tensor([0]) };
const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear", ...fixed })]);
const outputs = onlyOutput({ network: line, objective: meanSquaredError, error: meanSquaredError });
const task = { network: line, outputs, rule: sgd({}), batchSize: 1 };
const rows = (count: number, value: number) => samples(new Float32Array(count).fill(value), [count, 1]);

testOnEveryDevice("the means of an evaluation over many batches keep their digits", async () => {
  const weights = line.init(key(1));
  using evaluator = compileEvaluation(task);
  const evaluated = async (count: number) => {
    using feed = evaluator.feed(tensorSet({ x: rows(count, 3), y: rows(count, 0) }), 2 ** 20);
    return await evaluator.evaluate(weights, feed, () => Promise.resolve());
  };
  const { cost } = await evaluated(1);
  for (const count of [256, 257, 4099]) {
    const many = await evaluated(count);
    assertEquals(many.error, many.cost);
    assert(Math.abs(many.cost / cost - 1) < 4e-6, `${count} batches: ${many.cost}, not ${cost}`);
  }
});
