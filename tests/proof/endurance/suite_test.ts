import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { deviceKinds } from "../../on_every_device.ts";
import { randomOf } from "../../hostile_models/craft.ts";
import { inFolder } from "../../in_folder.ts";
import { make, possibleMistakes } from "./mistakes.ts";
import { endure } from "./processes.ts";
import { differences } from "./resources.ts";
import { faultsOf, growthIn } from "./suite.ts";
import { emptyWorld, moveTo } from "./world.ts";

const devices = deviceKinds;

Deno.test("random use of WebAssembly leaves nothing behind", async () => {
  const { calls, faults } = await endure({ kind: "use", device: "wasm", devices: ["wasm"], seed: 1, calls: 100 });
  assertEquals([calls, faults], [100, []]);
});

for (const device of devices) {
  Deno.test(`a training of which every hundredth step throws ends with the right weights, and leaves nothing behind [${device}]`, async () => {
    const { calls, faults } = await endure({ kind: "steps", device, devices: [device], seed: 1, calls: 900 });
    assertEquals([calls, faults], [900, []]);
  });
}

Deno.test("random use of programs that are held compiled compiles nothing, and leaves nothing behind", async () => {
  const order = { kind: "reuse", device: devices[0], devices, seed: 1, calls: 100 } as const;
  const { calls, faults, compilations } = await endure(order);
  assertEquals([calls, faults, compilations], [100, [], 0]);
});

Deno.test({
  name: "every mistake gives an error of its class",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    inFolder(async (folder) => {
      const world = emptyWorld({ random: randomOf(3), folder, devices, device: "wasm" });
      await moveTo(world, "wasm");
      for (const name of possibleMistakes(world)) assertEquals(await make(name, world), undefined);
    }),
});

Deno.test("what is held in addition, and memory that grows, are faults with the seed", () => {
  assertEquals(differences({ files: 0, descriptors: 9 }, { files: 1, descriptors: 9 }), ["files: 0 before, 1 after"]);
  assertEquals(differences({ "threads of Deno": 5 }, { "threads of Deno": 9 }), []);
  assertEquals(differences({ "threads of Deno": 5 }, { "threads of Deno": 99 }).length, 1);
  const memory = Array.from({ length: 40 }, (_, i) => ({ calls: 100 * i, resident: 300 + i / 5, own: 20 + i / 20 }));
  const endured = {
    calls: 4000,
    seconds: 9,
    memory,
    faults: ["buffers (wasm): 0 before, 1 after"],
    compilations: 400,
  };
  const options = { kind: "use", device: "wasm", devices: ["wasm"], seed: 5 } as const;
  assertEquals(faultsOf({ options, endured }), [
    "use on wasm, seed 5: buffers (wasm): 0 before, 1 after",
    "use on wasm, seed 5: memory grows by 2.00 MB per 1000 calls",
  ]);
  assertAlmostEquals(growthIn({ options: { ...options, devices: ["wasm", "webgpu"] }, endured }), 0.5);
  const reused = { ...options, kind: "reuse", devices: ["wasm", "webgpu"] } as const;
  assertAlmostEquals(growthIn({ options: reused, endured }), 2);
  assert(faultsOf({ options, endured: { ...endured, calls: 500 } }).length === 1);
});
