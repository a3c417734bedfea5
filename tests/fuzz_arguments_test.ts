import { assertEquals, assertThrows } from "@std/assert";
import * as core from "../core/mod.ts";
import * as dataEntry from "../data/mod.ts";
import * as layers from "../layers/mod.ts";
import * as modelEntry from "../model/mod.ts";
import * as optim from "../optim/mod.ts";
import { testOnEveryDevice } from "./on_every_device.ts";
import { fuzzArguments, type Public } from "./fuzz_arguments.ts";

/** Whether an exported value is a function and not a class. */
function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === "function" && !/^class\b/.test(String(value));
}

async function assertRefuses(functions: Public): Promise<void> {
  const failures = [];
  for (const [name, call] of Object.entries(functions)) {
    if (isFunction(call)) failures.push(...await fuzzArguments(name, call));
  }
  assertEquals(failures, []);
}

testOnEveryDevice("functions of core refuse arguments of wrong kinds in the project's own words", async (kind) => {
  const { devices: _, setDevice: _set, ...functions } = core;
  await assertRefuses(functions);
  await core.setDevice(kind);
  await assertRefuses(core.random);
  await assertRefuses(core.option);
});

testOnEveryDevice("methods of a tensor refuse arguments of wrong kinds", async () => {
  const x = core.tensor([[1, 2], [3, 4]]);
  const names = Object.getOwnPropertyNames(core.Tensor.prototype).filter((name) =>
    ![
      "constructor",
      "node",
      "shape",
      "dtype",
      "apply",
      "applyTuple",
      "dispose",
      "binary",
      "viewed",
      "composed",
      "operand",
    ].includes(name)
  );
  await assertRefuses(Object.fromEntries(names.map((name) => {
    const method: unknown = Reflect.get(x, name);
    return [name, (...args: never[]) => typeof method === "function" ? Reflect.apply(method, x, args) : undefined];
  })));
});

Deno.test("functions of layers refuse arguments of wrong kinds", () => assertRefuses(layers));
Deno.test("functions of optim refuse arguments of wrong kinds", () => assertRefuses(optim));

Deno.test("functions of data refuse arguments of wrong kinds", async () => {
  const readsFiles = /^read|^open|Loader$/;
  await assertRefuses(Object.fromEntries(Object.entries(dataEntry).filter(([name]) => !readsFiles.test(name))));
});

Deno.test("functions of model refuse arguments of wrong kinds", async () => {
  const folder = Deno.cwd();
  const temporary = await Deno.makeTempDir();
  // Some of the arguments are paths.
  Deno.chdir(temporary);
  try {
    await assertRefuses(modelEntry);
  } finally {
    Deno.chdir(folder);
    await Deno.remove(temporary, { recursive: true });
  }
});

testOnEveryDevice("methods of networks and models refuse arguments of wrong kinds", async () => {
  const input = layers.inputLayer({ shape: [null, 2] });
  const untrained = modelEntry.network("net", [input, layers.denseLayer(input, { nUnits: 2 })]);
  const net = untrained.withWeights(untrained.init(core.random.key(1)));
  const made = modelEntry.model({ network: net });
  const calls = { ...methodsOf(net), ...methodsOf(made) };
  const { loadParams: _, saveParams: _save, saveModel: _write, toConf: _conf, ...others } = calls;
  await assertRefuses(others);
});

Deno.test("wrong calls that used to end in internal errors say what was expected", () => {
  const input = layers.inputLayer({ shape: [null, 2] });
  const untrained = modelEntry.network("net", [input]);
  const net = untrained.withWeights(untrained.init(core.random.key(1)));
  const call = (f: (...args: never[]) => unknown, ...args: unknown[]) => Reflect.apply(f, undefined, args);
  const refuse = (f: () => unknown, message: string) => assertThrows(f, TypeError, message);
  refuse(
    () => call((x: never) => modelEntry.model({ network: net }).predict(x), [[1, 2]]),
    "Cannot predict: expected x to be a tensor of examples, such as tensor([[1, 2]]), or of samples, " +
      "tensor(values, shape), got [[1, 2]]",
  );
  refuse(() => call(dataEntry.data, 5), "Cannot make data: expected a list of sets, got 5");
  refuse(() => call(core.jit, 3), "Cannot compile a function: expected a function, got 3");
  refuse(
    () => call((x: never) => net.apply({}, core.ones([1, 2]), x), { train: false }),
    'Cannot apply network "net": expected a mode such as { train: false, state: network.state }, got { train: false }',
  );
  refuse(
    () => call(layers.denseLayer, 5, { nUnits: 3 }),
    "Cannot make DenseLayer: expected a layer as its input, got 5",
  );
  refuse(() => call(core.matmul, core.ones([2, 2]), [[1]]), "Cannot multiply matrices: expected b to be a tensor");
});

function methodsOf(owner: object): Public {
  const prototype = Object.getPrototypeOf(owner);
  const names = Object.getOwnPropertyNames(prototype).filter((name) =>
    name !== "constructor" && Object.getOwnPropertyDescriptor(prototype, name)?.get === undefined
  );
  return Object.fromEntries(names.map((name) => {
    const method: unknown = Reflect.get(owner, name);
    return [name, (...args: never[]) => typeof method === "function" ? Reflect.apply(method, owner, args) : undefined];
  }));
}
