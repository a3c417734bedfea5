/**
 * A program that computes a little of everything and prints the results. A test runs it in Deno and in Node, and
 * compares.
 *
 * @module
 */

import { conv2d, random, type Tensor, valueAndGrad } from "@yadll/yadll/core";
import { digestOf, readCsv, samples } from "@yadll/yadll/data";
import { gru, inputLayer } from "@yadll/yadll/layers";
import { readModel, writeAtomically } from "@yadll/yadll/model";

const x = random.normal(random.key(1), [40, 60]);
const image = random.uniform(random.key(2), [2, 3, 9, 9]);
const filters = random.normal(random.key(3), [4, 3, 3, 3]);
const rows = inputLayer({ shape: [null, 5, 8] });
const layer = gru(rows, { nUnits: 6 });
const { params, state } = layer.init(random.key(4));
const sequence = random.normal(random.key(5), [3, 5, 8]);

const [loss, gradient] = valueAndGrad((w: Tensor) => conv2d(image, w).tanh().square().mean())(filters);
const computed: Record<string, Tensor> = {
  exp: x.exp(),
  log: x.abs().add(0.1).log(),
  tanh: x.tanh(),
  sigmoid: x.sigmoid(),
  erf: x.erf(),
  sine: x.sin(),
  power: x.abs().pow(1.3),
  product: x.matmul(x.transpose()),
  largest: x.argmax({ axis: 1 }),
  loss,
  gradient,
  gru: layer.apply(params, sequence, { train: false, state }).output,
};

const values: Record<string, number[]> = {};
for (const [name, result] of Object.entries(computed)) values[name] = [...await result.data()].map(Number);

/** The messages of failures. */
async function refusalsOf(...attempts: (() => unknown)[]): Promise<string[]> {
  const messages: string[] = [];
  for (const attempt of attempts) {
    try {
      await attempt();
    } catch (error) {
      messages.push(String(error));
    }
  }
  return messages;
}

const set = { x: samples([[1, 2], [3, 4]]), y: Int32Array.of(0, 1) };
const refusals = await refusalsOf(
  () => readCsv("nowhere.csv"),
  () => readModel("nowhere.ym"),
  () => writeAtomically("nowhere/numbers", [Uint8Array.of(1)]),
);
console.log(JSON.stringify({ values, digest: await digestOf([set, set]), refusals }));
