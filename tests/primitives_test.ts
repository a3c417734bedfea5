import { assertEquals } from "@std/assert";
import type { Primitive } from "../core/graph/attributes.ts";
import { ops, tupleOps } from "../core/graph/ops.ts";
import { setDevice } from "../core/device.ts";
import { testOnEveryDevice } from "./on_every_device.ts";
import { assertDevice, assertGradient, assertPlan } from "./oracle.ts";
import { primitiveCases } from "./primitive_cases.ts";

const names = [...Object.keys(ops), ...Object.keys(tupleOps)] as Primitive[];

Deno.test("every primitive of the table has cases", () => {
  assertEquals(names.filter((name) => !(primitiveCases[name]?.length > 0)), []);
});

for (const name of names) {
  const cases = primitiveCases[name] ?? [];

  testOnEveryDevice(`${name} gives what the interpreter computes`, async () => {
    for (const one of cases) await assertDevice(one.fn, one.inputs(1), name, one);
  });

  Deno.test(`${name} without jit gives what the interpreter computes`, async () => {
    await setDevice("wasm");
    for (const { fn, inputs, tolerance = 1e-5 } of cases) {
      await assertDevice(fn, inputs(2), name, { tolerance, eager: true });
    }
  });

  Deno.test(`the plan of ${name} computes the same as its graph`, async () => {
    for (const { fn, inputs } of cases) for (const seed of [1, 2]) await assertPlan(fn, inputs(seed), name);
  });

  if (cases.some(({ order }) => order > 0)) {
    Deno.test(`the gradient of ${name} is the slope of the interpreter`, async () => {
      for (const { fn, inputs, order } of cases) {
        for (const seed of [1, 2]) await assertGradient(fn, inputs(seed), name, { order });
      }
    });
  }
}
