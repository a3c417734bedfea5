/**
 * Functions that take a record of options refuse a second one, which JavaScript would ignore.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { refuseSurplus } from "../core/options/surplus.ts";
import * as core from "../core/mod.ts";
import * as augment from "../data/augment/mod.ts";
import * as data from "../data/mod.ts";
import * as layers from "../layers/mod.ts";
import * as model from "../model/mod.ts";
import * as optim from "../optim/mod.ts";
import * as views from "../views/mod.ts";
import { augmentCalls } from "./valid_calls/augment.ts";
import { coreCalls } from "./valid_calls/core.ts";
import { dataCalls } from "./valid_calls/data.ts";
import { layerCalls, optimCalls } from "./valid_calls/layers.ts";
import { methodCalls, modelCalls } from "./valid_calls/model.ts";
import { viewCalls } from "./valid_calls/views.ts";

const entries = { augment, core, data, layers, model, optim, views };
const calls = {
  augment: augmentCalls,
  core: coreCalls,
  data: dataCalls,
  layers: layerCalls,
  model: modelCalls,
  optim: optimCalls,
  views: viewCalls,
};

/**
 * Functions with options that steps call for each operation: they are not checked, since a compiled function calls them
 * thousands of times. Initializers are called like the user's own, and objectives by steps.
 */
const unchecked: ReadonlySet<string> = new Set([
  ...["relu", "elu", "softmax", "logSoftmax", "logSumExp", "conv2d", "maxPool2d", "averagePool2d", "scatterAdd"],
  ...["stack", "concatenate", "gather", "oneHot"],
  ...[
    "attend",
    "attendHeads",
    "transform",
    "convolvePool",
    "batchNormalize",
    "autoEncoderCost",
    "contrastiveDivergence",
  ],
  ...["gruSequence", "lstmSequence", "rnnSequence", "gibbsChain", "sampleVisible", "huberError"],
  ...["categoricalCrossentropyFromLogits", "binaryCrossentropyFromLogits"],
  ...[
    "constant",
    "uniform",
    "normal",
    "glorotUniform",
    "glorotNormal",
    "heUniform",
    "heNormal",
    "seluNormal",
    "orthogonal",
  ],
]);

/** The functions of the entries whose last parameter is a record of options, by the names in their declarations. */
function functionsWithOptions(): [name: string, fn: (...args: unknown[]) => unknown, args: readonly unknown[]][] {
  return Object.entries(entries).flatMap(([entry, exported]) =>
    Object.entries(exported).flatMap(([name, fn]) => {
      const call = Object.entries(calls[entry as keyof typeof calls]).find(([one]) => one === name)?.[1];
      if (typeof fn !== "function" || !call || unchecked.has(name)) return [];
      const parameters = /^(?:async )?function\*? \w+\((?<all>[^)]*)/.exec(fn.toString())?.groups?.all ?? "";
      if (!/(?<!\.\.\.)\b(?:options|parts|given|card)\b[^,]*$/.test(parameters)) return [];
      return [[name, fn as (...args: unknown[]) => unknown, call.args] as const];
    }).map(([name, fn, args]): [string, (...args: unknown[]) => unknown, readonly unknown[]] => [name, fn, args])
  );
}

/** The error of a call; undefined if it was accepted. */
async function errorOf(fn: (...args: unknown[]) => unknown, args: readonly unknown[]): Promise<unknown> {
  try {
    await fn(...args);
    return undefined;
  } catch (error) {
    return error;
  }
}

Deno.test("every function that takes options refuses arguments after them", async () => {
  const found = functionsWithOptions();
  assert(found.length > 80, `only ${found.length} functions were found`);
  const taken: string[] = [];
  for (const [name, fn, args] of found) {
    // Arguments that the call leaves out are undefined; more than four parameters no function has.
    const error = await errorOf(fn, [...args, ...new Array(4 - args.length).fill(undefined), { surplus: 1 }]);
    const isRefused = error instanceof TypeError && error.message.startsWith(`Cannot call ${name}: expected at most`);
    if (!isRefused) taken.push(`${name}: ${error}`);
  }
  assertEquals(taken, []);
});

Deno.test("methods of models and networks refuse arguments after those that they take", async () => {
  const names = ["train", "pretrain", "with", "saveModel", "toConf", "predict", "getOutput", "fromConf"];
  const { network: net } = model;
  const input = layers.inputLayer({ shape: [null, 2] });
  const made = model.model({ network: net("a", [input]) });
  for (const name of names) {
    const args = methodCalls[`model.${name}`].args;
    const method = Reflect.get(made, name);
    const error = await errorOf(
      (...given) => Reflect.apply(method, made, given),
      [...args, ...new Array(3 - args.length).fill(undefined), { surplus: 1 }],
    );
    assert(error instanceof TypeError, `${name}: ${error}`);
    assert(error.message.startsWith(`Cannot call model.${name}: expected at most`), error.message);
  }
  const events = Reflect.apply(made.events, made, [{}, { seed: 1 }]);
  assert(await errorOf(() => events.next(), []) instanceof TypeError);
});

Deno.test("what Array.map adds to an item is accepted, and so is undefined", () => {
  function one(this: unknown): void {
    refuseSurplus("one", arguments, 1);
  }
  const call = (...args: unknown[]) => Reflect.apply(one, undefined, args);
  const list = [{}, {}];
  list.map((item, index) => call(item, index, list));
  call({}, undefined);
  const message = "Cannot call one: expected at most 1 argument, got 2, the last of which is { seed: 1 }; " +
    "pass all options in one record";
  assertThrows(() => call({}, { seed: 1 }), TypeError, message);
  assertThrows(() => call({}, 1, list), TypeError, "got 3");
  assertEquals([{ learningRate: 0.1 }, { learningRate: 0.2 }].map(optim.momentum).length, 2);
});
