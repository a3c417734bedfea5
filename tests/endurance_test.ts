import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { growthOf, runLong } from "./endurance.ts";
import { deviceKinds } from "./on_every_device.ts";

for (const device of deviceKinds) {
  Deno.test(`models that were trained, functions that were compiled and tables leave nothing behind [${device}]`, async () => {
    const shortRun = { models: 40, modelsPerShape: 20, functions: 200, tables: 60, warmUp: 5, sampleEvery: 20 };
    for (const { name, before, after } of await runLong({ device, ...shortRun })) assertEquals(after, before, name);
  });
}

Deno.test("growth is the slope of the resident memory per 1000, without its start", () => {
  const resident = Array.from({ length: 20 }, (_, i) => [100 * i, i < 5 ? 900 * i : 70 + i / 5] as const);
  assertAlmostEquals(growthOf({ resident }, 500), 2);
  assert(growthOf({ resident }, 0) < -1);
});
