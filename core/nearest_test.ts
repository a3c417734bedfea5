import { assertEquals } from "@std/assert";
import { nearestName, suggestName } from "./nearest.ts";

const networks = ["logistic_regression", "mlp", "lenet5", "rbm", "dbn", "rnn", "lstm", "gru"];

Deno.test("nearestName finds the name behind a replaced, missing, added or swapped letter", () => {
  assertEquals(nearestName("lenet6", networks), "lenet5");
  assertEquals(nearestName("lenet", networks), "lenet5");
  assertEquals(nearestName("lstmm", networks), "lstm");
  assertEquals(nearestName("gur", networks), "gru");
  assertEquals(nearestName("gr", ["mlp", "gru"]), "gru");
});

Deno.test("nearestName ignores case, hyphens and underscores", () => {
  assertEquals(nearestName("Logistic-Regression", networks), "logistic_regression");
  assertEquals(nearestName("learning_rate", ["learningRate", "momentum"]), "learningRate");
});

Deno.test("nearestName prefers the exact name, then the nearest, then the first", () => {
  assertEquals(nearestName("rnn", networks), "rnn");
  assertEquals(nearestName("bbn", networks), "dbn");
  assertEquals(nearestName("ab", ["ax", "ay"]), "ax");
});

Deno.test("nearestName returns undefined if no name is near", () => {
  assertEquals(nearestName("transformer", networks), undefined);
  assertEquals(nearestName("", networks), undefined);
  assertEquals(nearestName("mlp", []), undefined);
});

Deno.test("suggestName suggests the nearest name or lists all of them", () => {
  assertEquals(suggestName("lenet6", networks), ": did you mean lenet5?");
  assertEquals(suggestName("vgg16", ["mlp", "lenet5"]), ": expected one of mlp, lenet5");
});
