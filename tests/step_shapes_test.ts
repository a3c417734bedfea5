import { assertEquals } from "@std/assert";
import {
  countedNetworks,
  deviceClasses,
  growth,
  readShapes,
  recordedShapes,
  shapeOfStep,
  showShapes,
} from "./step_shapes.ts";

const recorded = await readShapes();

for (const deviceClass of deviceClasses) {
  Deno.test(`a training step of no network needs more work than recorded, on ${deviceClass} adapters`, async () => {
    assertEquals(Object.keys(recorded[deviceClass]), countedNetworks, "deno task shapes records them anew");
    const grown: string[] = [];
    for (const name of countedNetworks) {
      const where = `${name} on ${deviceClass} WebGPU`;
      grown.push(...growth(where, recorded[deviceClass][name], await shapeOfStep(name, deviceClass)));
    }
    assertEquals(grown, []);
  });
}

Deno.test("the message about more work names the network, both figures and the task that records them", () => {
  const shape = {
    dispatches: 3,
    pipelines: 3,
    barriers: 2,
    longestChain: 3,
    bytesMoved: 100,
    submissions: 1,
    coldPipelines: 9,
  };
  assertEquals(growth("mlp", shape, shape), []);
  assertEquals(growth("mlp", shape, { ...shape, dispatches: 2 }), []);
  assertEquals(growth("mlp", shape, { ...shape, dispatches: 4, bytesMoved: 101 }), [
    "mlp: dispatches grew from 3 to 4. If it is intended, record it anew: deno task shapes",
    "mlp: bytesMoved grew from 100 to 101. If it is intended, record it anew: deno task shapes",
  ]);
  assertEquals(growth("mlp", undefined, shape), ["mlp is not recorded yet: run deno task shapes"]);
});

Deno.test("the recorded figures are written as the task writes them", async () => {
  assertEquals(await Deno.readTextFile(recordedShapes), showShapes(recorded));
});
