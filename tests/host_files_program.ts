/**
 * A program that saves and loads a model and parameters, in the folder that its argument names. A test runs it in Node.
 *
 * @module
 */

import process from "node:process";
import { random, tensor } from "@yadll/yadll/core";
import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
import { loadModel, model, network, readParameters, saveModel, writeParameters } from "@yadll/yadll/model";

const folder = process.argv[2];
const input = inputLayer({ shape: [null, 4] });
const softmax = network("softmax", [input, logisticRegression(input, { nClass: 2 })]);
const saved = model({ network: softmax.withWeights(softmax.init(random.key(1))) });
const x = tensor([[1, 2, 3, 4]]);

const outputs = [await saved.getOutput(x).toArray()];
for (let round = 0; round < 2; round++) {
  await saveModel(saved, `${folder}/ä model.ym`);
  outputs.push(await loadModel(`${folder}/ä model.ym`).getOutput(x).toArray());
}
await writeParameters(`${folder}/softmax.yp`, { network: "softmax", params: saved.network.params });
const params = readParameters(`${folder}/softmax.yp`, { network: "softmax", params: saved.network.params });
outputs.push(
  await saved.with({ network: softmax.withWeights({ params, state: saved.network.weights!.state }) }).getOutput(x)
    .toArray(),
);
console.log(JSON.stringify(outputs));
