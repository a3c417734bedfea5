import { assert, assertEquals, assertThrows } from "@std/assert";
import { inputLayer, logisticRegression } from "../layers/mod.ts";
import { sgd } from "../optim/updates.ts";
import { hyperparameters } from "./hyperparameters.ts";
import { model } from "./model.ts";
import { network } from "./network.ts";
import { modelTrainOptions } from "./training/train_options.ts";
import { checkValues, valuesOf } from "./training/settings.ts";

Deno.test("hyperparameters iterate over every combination, each in its own frozen record", () => {
  const hps = hyperparameters({
    batchSize: 500,
    learningRate: [0.1, [0.01, 1]],
    activation: ["tanh", ["tanh", "relu"]],
  });
  assertEquals(hps.size, 4);
  const rows = [...hps];
  assertEquals(rows.map((row) => [row.learningRate, row.activation]), [
    [0.01, "tanh"],
    [0.01, "relu"],
    [1, "tanh"],
    [1, "relu"],
  ]);
  assert(rows.every((row) => Object.isFrozen(row) && row.batchSize === 500));
  assertEquals([...hps], rows);
});

Deno.test("without ranges there is one combination: the values", () => {
  const hps = hyperparameters({ batchSize: 20, momentum: 0.5 });
  assertEquals([...hps], [{ batchSize: 20, momentum: 0.5 }]);
  assertEquals(hps.size, 1);
});

Deno.test("with changes a copy", () => {
  const hps = hyperparameters({ batchSize: 500, learningRate: 0.1 });
  const other = hps.with("learningRate", 0.2, [0.2, 0.4]);
  assertEquals([hps.values.learningRate, hps.size], [0.1, 1]);
  assertEquals([...other].map(({ learningRate }) => learningRate), [0.2, 0.4]);
  assertThrows(() => Object.assign(hps.values, { batchSize: 1 }), TypeError);
});

Deno.test("misspelled names are refused with the nearest one", () => {
  assertThrows(() => hyperparameters({ learningrate: 0.1 }), RangeError, "did you mean learningRate?");
  assertThrows(() => hyperparameters({ batch_size: 5 }), RangeError, "did you mean batchSize?");
  assertThrows(() => hyperparameters({ epochs: 5 }), RangeError, "did you mean nEpochs?");
  const hps = hyperparameters({ batchSize: 5, units: 3 });
  assertThrows(() => hps.with("unit" as "units", 4), RangeError, "Cannot set hyperparameter unit: did you mean units?");
  assertEquals(hyperparameters({ nUnits: 7, activation: "tanh" }).values.nUnits, 7);
});

Deno.test("an empty range is refused", () => {
  assertThrows(() => hyperparameters({ momentum: [0.9, []] }), RangeError, "expected a range with at least one value");
});

Deno.test("names of members that every object has are refused at once", () => {
  for (const name of ["constructor", "toString", "valueOf", "hasOwnProperty", "__proto__"]) {
    const message = `Cannot declare hyperparameter ${name}: expected a name that not every object has, got "${name}"`;
    assertThrows(() => hyperparameters({ [name]: [1, [1, 2]] }), RangeError, message);
    assertThrows(() => valuesOf({ batchSize: 10, [name]: 1 }), RangeError, message);
  }
});

Deno.test("names of options of a training are refused, since hyperparameters of these names would have no effect", () => {
  const cure = (name: string) => `${name} is an option of a training; pass it to train`;
  for (const name of Object.keys(modelTrainOptions)) {
    const message = `Cannot declare hyperparameter ${name}: ${cure(name)}`;
    assertThrows(() => hyperparameters({ [name]: 1 }), RangeError, message);
    assertThrows(() => hyperparameters({ [name]: [1, [1, 2]] }), RangeError, message);
    assertThrows(() => model({ hyperparameters: { [name]: false } }), RangeError, message);
  }
  assertThrows(() => hyperparameters({ earlyStopping: false }), RangeError, cure("earlyStop"));
  assertThrows(() => hyperparameters({ unsupervised_training: true }), RangeError, cure("unsupervisedTraining"));
});

Deno.test("a configuration of an earlier version may have such names", () => {
  const input = inputLayer({ shape: [null, 4] });
  const net = network("net", [input, logisticRegression(input, { nClass: 3 })]);
  const conf = { ...model({ network: net }).toConf(), hyperparameters: { seed: 3, earlyStopping: false } };
  const read = model().fromConf(conf);
  assertEquals(read.toConf().hyperparameters, conf.hyperparameters);
});

Deno.test("null is not taken for the default of a hyperparameter that training reads", () => {
  const input = inputLayer({ shape: [null, 4] });
  const net = network("net", [input, logisticRegression(input, { nClass: 3 })]);
  for (const name of ["batchSize", "nEpochs", "patience", "learningRate"]) {
    const message = `Cannot train: expected ${name} to be a`;
    assertThrows(() => checkValues(sgd, { [name]: null }), TypeError, message);
    assertThrows(() => checkValues(sgd, hyperparameters({ [name]: [1, [1, null]] })), TypeError, message);
  }
  assertEquals(model({ network: net, hyperparameters: { own: null } }).toConf().hyperparameters, { own: null });
});

Deno.test("a hyperparameter that is NaN is refused where it is declared", () => {
  for (const declared of [{ learningRate: NaN }, { learningRate: [0.1, [0.1, NaN]] }, { own: NaN }] as const) {
    assertThrows(() => hyperparameters(declared), RangeError, "got NaN");
  }
  assertThrows(
    () => hyperparameters({ learningRate: NaN }),
    RangeError,
    "Cannot declare hyperparameters: expected learningRate to be a number, a string, true, false, null or a function, " +
      "got NaN",
  );
  assertThrows(() => hyperparameters({ learningRate: 0.1 }).with("learningRate", NaN), RangeError, "got NaN");
  assertEquals(hyperparameters({ own: Infinity }).values.own, Infinity);
});
