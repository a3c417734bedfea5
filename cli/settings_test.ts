import { assert, assertEquals, assertThrows } from "@std/assert";
import { networks } from "../examples/networks.ts";
import { UsageError } from "./errors.ts";
import { type Assignment, assignmentOption, checkMomentum, chooseModel } from "./settings.ts";
import { readOptionText } from "./options/read_text.ts";

const set = (...texts: string[]): Assignment[] =>
  texts.map((text) => readOptionText(assignmentOption, text, "option --set"));
const chosen = (network: string, texts: string[], update?: string) =>
  chooseModel(network, networks[network], { update, set: set(...texts), direct: {} });

Deno.test("a network has its own hyperparameters, or those that are set", () => {
  assertEquals(chosen("mlp", []).hyperparameters, networks.mlp.hyperparameters);
  const { hyperparameters, update } = chosen("mlp", ["nUnits=30", "learning_rate=0.5", "activation=tanh"]);
  assertEquals([hyperparameters.nUnits, hyperparameters.learningRate, hyperparameters.activation], [30, 0.5, "tanh"]);
  assertEquals([hyperparameters.l2Reg, update], [0.0001, "momentum"]);
});

Deno.test("separate options take precedence over --set", () => {
  const wishes = { update: undefined, set: set("nEpochs=3"), direct: { nEpochs: 5 } };
  assertEquals(chooseModel("mlp", networks.mlp, wishes).hyperparameters.nEpochs, 5);
});

Deno.test("a setting has a name and a value", () => {
  for (const text of ["=3", "nUnits=", "nUnits", ""]) assertThrows(() => set(text), UsageError, "option --set");
});

Deno.test("later settings take precedence", () => {
  const file = { update: "adam", set: set("nUnits=3"), direct: { nEpochs: 5 } };
  const line = { update: undefined, set: set("update=sgd", "nEpochs=7"), direct: {} };
  const { update, hyperparameters } = chooseModel("mlp", networks.mlp, file, line);
  assertEquals([update, hyperparameters.nUnits, hyperparameters.nEpochs], ["sgd", 3, 7]);
  assertEquals("update" in hyperparameters, false);
});

Deno.test("a set hyperparameter reaches the layers", () => {
  const { parts: { network } } = chosen("lenet5", ["nFilters1=3", "nUnits=7"]);
  assert(network);
  const shapes = network.layers.map(({ layer }) => layer.outputShape);
  assertEquals(shapes[2], [null, 3, 12, 12]);
  assertEquals(shapes[5], [null, 7]);
});

Deno.test("the update rule is a hyperparameter too, and has its own hyperparameters", () => {
  assertEquals(chosen("mlp", ["update=adam"]).update, "adam");
  assertEquals(chosen("lstm", []).update, "adam");
  assertEquals(chosen("mlp", ["beta1=0.8"], "adam").hyperparameters.beta1, 0.8);
  assertEquals(chosen("mlp", ["weight_decay=0.05"], "adamw").hyperparameters.weightDecay, 0.05);
  assertThrows(
    () => chosen("mlp", ["beta1=0.8"]),
    UsageError,
    "mlp has no hyperparameter beta1: beta1 is an option of update rule adam, adamax, nadam, adamw, not of momentum",
  );
  const set = [{ name: "Momentum", text: "0.5" }];
  assertThrows(
    () => checkMomentum(set, { network: "mlp", updates: ["sgd"] }),
    UsageError,
    "mlp cannot use hyperparameter momentum: momentum is an option of update rule momentum, nesterovMomentum, not of sgd",
  );
  checkMomentum(set, { network: "mlp", updates: ["sgd", "nesterovMomentum"] });
  checkMomentum([], { network: "mlp", updates: ["sgd"] });
  assertThrows(
    () => chosen("mlp", ["weightDecay=0.1"], "sgd"),
    UsageError,
    "an option of update rule adamw, not of sgd",
  );
});

Deno.test("invalid settings are refused before anything is done", () => {
  const refuse = (message: string, network: string, ...texts: string[]) =>
    assertThrows(() => chosen(network, texts), UsageError, message);
  refuse("option --set cannot be nUnits: expected name=value", "mlp", "nUnits");
  refuse("mlp has no hyperparameter nUnts: did you mean nUnits?", "mlp", "nUnts=3");
  refuse("hyperparameter nUnits cannot be 0: expected a whole number of at least 1", "mlp", "nUnits=0");
  refuse(
    "hyperparameter corruptionLevel2 cannot be 2: expected a number from 0 to 1",
    "stacked_denoising_autoencoder",
    "corruptionLevel2=2",
  );
  refuse("hyperparameter learningRate cannot be fast: expected a number of at least 0", "mlp", "learningRate=fast");
  refuse("hyperparameter momentum cannot be 1.5: expected a number from 0 to 1", "mlp", "momentum=1.5");
  refuse(
    'mlp cannot have these hyperparameters: Cannot find activation "rleu": did you mean relu?',
    "mlp",
    "activation=rleu",
  );
  refuse("unknown update adm: did you mean adam?", "mlp", "update=adm");
});
