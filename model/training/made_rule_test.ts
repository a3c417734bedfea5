import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { batchNormalization } from "../../layers/normalization/batch_normalization.ts";
import { denseLayer } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { adam } from "../../optim/adam.ts";
import { chain } from "../../optim/chain.ts";
import { clipByGlobalNorm } from "../../optim/clipping.ts";
import { cosineDecay } from "../../optim/schedules.ts";
import { momentum, sgd } from "../../optim/updates.ts";
import { hyperparameters } from "../hyperparameters.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { finish } from "../search/finish.ts";
import { gridSearch } from "../search/grid_search.ts";

const input = inputLayer({ shape: [null, 1] });
const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
const set = { x: samples([[1], [2]]), y: samples([[1], [2]]) };
const parts = { network: line, data: data([set, set]), objective: "meanSquaredError" };
const length = { batchSize: 2, nEpochs: 1 };

Deno.test("A hyperparameter that a rule that is already made would ignore is refused, with both values and the cure", () => {
  const cases = [
    [
      { learningRate: 0.5 },
      sgd({ learningRate: 0.1 }),
      "learningRate 0.5: the update rule sgd is already made, with learn",
    ],
    [
      { momentum: 0.5 },
      momentum({ learningRate: 0.1 }),
      "already made, with momentum 0.9, so the hyperparameter would",
    ],
    [
      { momentum: 0.5 },
      sgd(),
      "momentum 0.5: the update rule sgd is already made, so the hyperparameter would have no",
    ],
    [
      { beta1: 0.5 },
      adam(),
      "leave it out, or pass the function that makes the rule from hyperparameters: updates: adam",
    ],
    [
      { learningRate: 0.5 },
      chain(clipByGlobalNorm(1), sgd({ learningRate: 0.1 })),
      "chain(clipByGlobalNorm, sgd) is already made, with learningRate 0.1, so",
    ],
    [{ learningRate: 0.5 }, sgd({ learningRate: cosineDecay({ learningRate: 0.5, steps: 9 }) }), "is already made"],
  ] as const;
  for (const [values, updates, message] of cases) {
    for (const given of [{ ...length, ...values }, hyperparameters({ ...length, ...values })]) {
      const refuse = (change: () => unknown, action: string) => {
        assertThrows(change, RangeError, `Cannot ${action} with hyperparameter ${Object.keys(values)[0]} 0.5: `);
        assertThrows(change, RangeError, message);
      };
      refuse(() => model({ ...parts, updates, hyperparameters: given }), "make a model");
      refuse(() => model({ ...parts, updates }).with({ hyperparameters: given }), "change a model");
      refuse(() => model({ ...parts, hyperparameters: given }).with({ updates }), "change a model");
    }
  }
});

Deno.test("Hyperparameters with which the rule was made, or that a layer or nothing of the rule has, are taken", async () => {
  const normal = batchNormalization(input, { epsilon: 0.5 });
  const cases = [
    [{ learningRate: 0.1 }, sgd({ learningRate: 0.1 }), line],
    [{ learningRate: 0.1, beta1: 0.5 }, adam({ learningRate: 0.1, beta1: 0.5 }), line],
    [{ learningRate: 0.1 }, chain(clipByGlobalNorm(1), chain(momentum({ learningRate: 0.1 }))), line],
    [{ nUnits: 3, l2Reg: 0.1 }, sgd({ learningRate: 0.1 }), line],
    [{ epsilon: 0.5 }, sgd(), network("normal", [input, normal, denseLayer(normal, { nUnits: 1 })])],
    [{ learningRate: 0.5, momentum: 0.5 }, sgd, line],
    [{ learningRate: 0.5 }, "adam", line],
  ] as const;
  for (const [values, updates, network] of cases) {
    const one = model({ ...parts, network, updates, hyperparameters: { ...length, ...values } });
    assertEquals((await one.train()).report.epochs, 1);
    one.with({ name: "other" });
  }
});

Deno.test("A search whose models are made with rules of its combinations goes on as it is", async () => {
  const searched = hyperparameters({ ...length, learningRate: [0.1, [0.01, 0.1]], beta1: [0.9, [0.5, 0.9]] });
  const schedule = (learningRate: number) => cosineDecay({ learningRate, steps: 9 });
  const searches = [
    gridSearch(searched, ({ learningRate, beta1 }) => ({ ...parts, updates: adam({ learningRate, beta1 }) })),
    gridSearch(searched.with("beta1", 0.9, [0.9]), ({ learningRate, beta1 }) => ({
      ...parts,
      updates: adam({ learningRate: schedule(learningRate), beta1 }),
    })),
  ];
  for (const one of searches) {
    const { rows } = await finish(one);
    assertEquals(rows.map(({ outcome }) => outcome), rows.map(() => "trained"), rows[0].failure?.message);
  }
});

Deno.test("A configuration that was written with both stays readable, and trains by its rule", async () => {
  const conf = { ...model({ ...parts, updates: sgd({ learningRate: 0.1 }) }).toConf() };
  const read = model({ data: parts.data }).fromConf({ ...conf, hyperparameters: { ...length, learningRate: 0.5 } });
  const named = read.with({ name: "renamed" });
  assertEquals((await named.train()).report.epochs, 1);
  assertThrows(() => named.with({ hyperparameters: { learningRate: 0.5 } }), RangeError, "Cannot change a model with");
  const foreign = read.fromConf({ ...conf, hyperparameters: { ...length, beta1: 0.5 } });
  await assertRejects(() => foreign.train(), RangeError, "the update rule sgd already has its options");
});
