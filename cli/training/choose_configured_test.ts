import { assertEquals, assertThrows } from "@std/assert";
import { denseLayer, logisticRegression } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { Hyperparameters } from "../../model/hyperparameters.ts";
import { model, type ModelParts } from "../../model/model.ts";
import { network } from "../../model/network.ts";
import { adam, sgd } from "../../optim/mod.ts";
import { UsageError } from "../errors.ts";
import type { Wishes } from "../settings.ts";
import { chooseConfigured } from "./choose_configured.ts";

const input = inputLayer({ shape: [null, 4] });
const hidden = denseLayer(input, { nUnits: 5 });
const net = network("small", [input, hidden, logisticRegression(hidden, { nClass: 3 })]);

function chosen(parts: ModelParts, wishes: Partial<Wishes> = {}) {
  return chooseConfigured(model({ network: net, ...parts }).toConf(), {
    update: undefined,
    set: [],
    direct: {},
    ...wishes,
  });
}

/** The hyperparameters that the model itself is made with. */
function valuesOf({ parts: { hyperparameters = {} } }: ReturnType<typeof chosen>): unknown {
  return hyperparameters instanceof Hyperparameters ? hyperparameters.values : hyperparameters;
}

Deno.test("the model of a file keeps its name, its layers and its hyperparameters", () => {
  const hyperparameters = { learningRate: 0.3, nEpochs: 7, ofMyOwn: 9 };
  const found = chosen({ name: "my model", hyperparameters, updates: sgd });
  assertEquals([found.network, found.update, found.parts.name], ["my model", "sgd", "my model"]);
  assertEquals(valuesOf(found), hyperparameters);
  assertEquals(found.parts.network?.layers.map(({ layer }) => layer.outputShape), [[null, 4], [null, 5], [null, 3]]);
});

Deno.test("the command line sets hyperparameters of training, those of the file and others", () => {
  const hyperparameters = { learningRate: 0.3, nEpochs: 7 };
  const set = [{ name: "learningRate", text: "0.01" }, { name: "batchSize", text: "20" }];
  const found = chosen({ hyperparameters, updates: sgd }, { set, direct: { nEpochs: 2 } });
  assertEquals(valuesOf(found), { learningRate: 0.01, nEpochs: 2, batchSize: 20 });
});

Deno.test("another update rule may be asked for, with its own hyperparameters", () => {
  assertEquals(chosen({ updates: adam }).update, "adam");
  const found = chosen({ updates: sgd }, { update: "adam", set: [{ name: "beta1", text: "0.8" }] });
  assertEquals([found.update, found.hyperparameters.beta1], ["adam", 0.8]);
  assertThrows(
    () => chosen({ updates: sgd }, { set: [{ name: "beta1", text: "0.8" }] }),
    UsageError,
    "has no hyperparameter beta1",
  );
});

Deno.test("what the layers are made of cannot be set, since they are those of the file", () => {
  assertThrows(() => chosen({}, { set: [{ name: "nUnits", text: "9" }] }), UsageError, "has no hyperparameter nUnits");
});
