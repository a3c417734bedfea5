import { assertEquals } from "@std/assert";
import * as core from "../core/mod.ts";
import * as layers from "../layers/mod.ts";
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
    !["constructor", "node", "shape", "dtype", "apply", "applyTuple", "dispose", "binary"].includes(name)
  );
  await assertRefuses(Object.fromEntries(names.map((name) => {
    const method: unknown = Reflect.get(x, name);
    return [name, (...args: never[]) => typeof method === "function" ? Reflect.apply(method, x, args) : undefined];
  })));
});

Deno.test("functions of layers refuse arguments of wrong kinds", () => assertRefuses(layers));
Deno.test("functions of optim refuse arguments of wrong kinds", () => assertRefuses(optim));
