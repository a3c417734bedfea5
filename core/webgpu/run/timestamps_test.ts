import { assert, assertEquals } from "@std/assert";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { openWebgpu } from "../backend.ts";
import { gpuTest, makeNest, makePhase, makeSlot, programOf, store } from "../test_support.ts";
import { findAdapters } from "./device.ts";
import { timestampFeature } from "./timestamps.ts";

gpuTest("a device with a clock says how long its kernels take, and others say nothing", async () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 2 ** 20);
  const value = table.apply("exp", "f32", [table.load("f32", 0, i)]);
  const nest = makeNest({
    slots: [makeSlot(2 ** 20, "readwrite")],
    outer: [i],
    phases: [makePhase({ stores: [store(0, i, value)] })],
  });
  const [{ adapter }] = await findAdapters();
  for (const clock of [true, false]) {
    const backend = await openWebgpu({ allowSoftware: true, clock });
    const { time } = backend.load(programOf(nest));
    assertEquals(time !== undefined, clock && adapter.features.has(timestampFeature));
    const buffer = backend.allocate(2 ** 22);
    for (let run = 0; run < 3; run++) {
      const start = performance.now();
      const milliseconds = await time?.([buffer]) ?? 0;
      assert(milliseconds >= 0 && milliseconds <= performance.now() - start, `${milliseconds} ms`);
    }
    backend.release(buffer);
    await backend.close();
  }
});
