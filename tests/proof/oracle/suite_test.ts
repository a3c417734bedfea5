import { assert, assertEquals } from "@std/assert";
import { setDevice } from "../../../core/device.ts";
import { ops, tupleOps } from "../../../core/graph/ops.ts";
import { deviceKinds } from "../../on_every_device.ts";
import { check } from "./check.ts";
import { knownAnswers } from "./generators.ts";
import type { Operation } from "./operation.ts";
import { threefry } from "./scalar.ts";
import { oracle } from "./suite.ts";
import { operations } from "./table.ts";
import { lastPlace } from "./ulp.ts";
import { pointwise } from "./values.ts";

// A device stays open after the test that opened it.
const device = { sanitizeOps: false, sanitizeResources: false };

Deno.test({
  name: "every operation and its gradient is within its bound",
  ...device,
  async fn() {
    const { faults } = await oracle.run({ seed: 7, count: 8, devices: deviceKinds, log: () => {} });
    assertEquals(faults, []);
  },
});

Deno.test("every primitive has an entry", () => {
  assertEquals(Object.keys(operations.primitive).sort(), [...Object.keys(ops), ...Object.keys(tupleOps)].sort());
});

Deno.test("Threefry of the oracle gives the published answers", () => {
  for (const [key, counter, expected] of knownAnswers) {
    assertEquals(threefry([key[0], key[1]], [counter[0], counter[1]]), [...expected]);
  }
});

Deno.test("the last place of singles follows their exponents", () => {
  assertEquals([1, 1.5, 2, 0.75, 0, 2 ** -149, 2 ** -126, 2 ** -127].map(lastPlace), [
    2 ** -23,
    2 ** -23,
    2 ** -22,
    2 ** -24,
    2 ** -149,
    2 ** -149,
    2 ** -149,
    2 ** -149,
  ]);
});

Deno.test({
  name: "wrong values, gradients and shapes are faults that name the element",
  ...device,
  async fn() {
    await setDevice("wasm");
    const wrong = async (operation: Operation): Promise<string> => {
      const { faults } = await check({ name: "wrong", operation, device: "wasm", seed: 1, count: 4 });
      return faults[0] ?? "";
    };
    const square: Operation = {
      bound: { ulp: 0.5 },
      gradient: { ulp: 0.5 },
      sample: (draw) => ({
        inputs: [draw.value("f32", [5])],
        apply: (x) => x.mul(x),
        expected: (x) => pointwise("f32", [x], ([x]) => x * x),
      }),
    };
    assertEquals(await wrong(square), "");
    const values = await wrong({
      ...square,
      sample: (draw) => ({ ...square.sample(draw), apply: (x) => x.mul(x).mul(1 + 2 ** -23) }),
    });
    assert(
      /^wrong, wasm, seed 1, form 0, \w+: f32\[5\]: element \d for .*: got .*, expected .* ULP$/.test(values),
      values,
    );
    const gradients = await wrong({
      ...square,
      sample: (draw) => ({ ...square.sample(draw), apply: (x) => x.mul(x.stopGradient()) }),
    });
    assert(/gradient/.test(gradients), gradients);
    const shapes = await wrong({
      ...square,
      sample: (draw) => ({ ...square.sample(draw), apply: (x) => x.mul(x).reshape([1, 5]) }),
    });
    assert(/got f32\[1,5\], expected f32\[5\]/.test(shapes), shapes);
  },
});
