import { assertEquals, assertThrows } from "@std/assert";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { model, type ModelParts, network } from "../../model/mod.ts";
import { adam, adamw, chain, clipByGlobalNorm, momentum, sgd } from "../../optim/mod.ts";
import { UsageError } from "../errors.ts";
import { readOptionText } from "../options/read_text.ts";
import { assignmentOption, type Wishes } from "../settings.ts";
import { chooseConfigured } from "./choose_configured.ts";

const input = inputLayer({ shape: [null, 4] });
const softmax = model({ network: network("softmax", [input, logisticRegression(input, { nClass: 3 })]) });

function wish(...texts: string[]): Wishes {
  return {
    update: undefined,
    set: texts.map((text) => readOptionText(assignmentOption, text, "option --set")),
    direct: {},
  };
}

Deno.test("without settings, a file keeps its hyperparameters and its rule", () => {
  const conf = softmax.with({ hyperparameters: { nEpochs: 7, weightDecay: 0.1 }, updates: adamw }).toConf();
  const { parts, update } = chooseConfigured({ configuration: conf }, wish());
  assertEquals([parts.hyperparameters, parts.updates, update], [{ nEpochs: 7, weightDecay: 0.1 }, adamw, "adamw"]);
});

Deno.test("a setting has an effect even if its value is the default of training", () => {
  const conf = softmax.with({ updates: adam }).toConf();
  const { parts } = chooseConfigured({ configuration: conf }, wish("learningRate=0.1", "batchSize=100"));
  assertEquals(parts.hyperparameters, { learningRate: 0.1, batchSize: 100 });
});

Deno.test("options of the rule in a file are changed in the rule, and the others stay", () => {
  const conf = softmax.with({ updates: adam({ beta1: 0.8, learningRate: 0.02 }) }).toConf();
  const { parts: { updates, hyperparameters } } = chooseConfigured(
    { configuration: conf },
    wish("beta2=0.5", "nEpochs=3"),
  );
  assertEquals(typeof updates === "object" && updates.options, {
    ...adam().options,
    learningRate: 0.02,
    beta1: 0.8,
    beta2: 0.5,
  });
  assertEquals(hyperparameters, { nEpochs: 3 });
});

Deno.test("another rule replaces that of the file, with its own options", () => {
  const conf = softmax.with({ updates: adam({ beta1: 0.8 }) }).toConf();
  const { parts } = chooseConfigured({ configuration: conf }, { ...wish(), update: "momentum" });
  assertEquals([parts.updates, parts.hyperparameters], [momentum, {}]);
});

Deno.test("an option that the rule of a file does not take cannot be set", () => {
  const conf = softmax.with({ updates: adam }).toConf();
  assertThrows(
    () => chooseConfigured({ configuration: conf }, wish("weightDecay=0.1")),
    UsageError,
    "weightDecay is an option of update rule",
  );
});

const hidden = denseLayer(input, { nUnits: 5 });
const net = network("small", [input, hidden, logisticRegression(hidden, { nClass: 3 })]);

const chosen = (parts: ModelParts, wishes = wish()) =>
  chooseConfigured({ configuration: model({ network: net, ...parts }).toConf() }, wishes);

Deno.test("the model of a file keeps its name, its layers and its hyperparameters", () => {
  const hyperparameters = { learningRate: 0.3, nEpochs: 7, ofMyOwn: 9 };
  const found = chosen({ name: "my model", hyperparameters, updates: sgd });
  assertEquals([found.network, found.update, found.parts.name], ["my model", "sgd", "my model"]);
  assertEquals(found.parts.hyperparameters, hyperparameters);
  assertEquals(found.parts.network?.layers.map(({ layer }) => layer.outputShape), [[null, 4], [null, 5], [null, 3]]);
});

Deno.test("the command line sets hyperparameters of training, those of the file and others", () => {
  const hyperparameters = { learningRate: 0.3, nEpochs: 7 };
  const wishes = { ...wish("learningRate=0.01", "batchSize=20"), direct: { nEpochs: 2 } };
  const found = chosen({ hyperparameters, updates: sgd }, wishes);
  assertEquals(found.parts.hyperparameters, { learningRate: 0.01, nEpochs: 2, batchSize: 20 });
});

Deno.test("hyperparameters of the layers cannot be set, because the layers are those of the file", () => {
  assertThrows(() => chosen({}, wish("nUnits=9")), UsageError, "has no hyperparameter nUnits");
});

Deno.test("a rule that is composed of parts stays as it is, or is replaced by another one", () => {
  const composed = { updates: chain(clipByGlobalNorm(1), adam({ beta1: 0.8 })) };
  const kept = chosen(composed, wish("nEpochs=3"));
  const name = "chain(clipByGlobalNorm, adam)";
  assertEquals([kept.update, typeof kept.parts.updates === "object" && kept.parts.updates.name], [name, name]);
  assertEquals(kept.parts.hyperparameters, { nEpochs: 3 });
  const other = chosen(composed, { ...wish("beta1=0.5"), update: "adam" });
  assertEquals([other.update, other.parts.updates, other.parts.hyperparameters], ["adam", adam, { beta1: 0.5 }]);
  const reason =
    "small cannot have another learningRate: its update rule is composed of parts, each with its own options; ";
  const { message } = assertThrows(() => chosen(composed, wish("learningRate=0.5")), UsageError);
  assertEquals(message, `${reason}choose another rule by --update`);
});
