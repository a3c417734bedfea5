import { assertEquals } from "@std/assert";
import { ones } from "../creation.ts";
import { jit, versionOf } from "../jit.ts";
import type { ProgramStep } from "../nest/program.ts";
import { scan } from "../scan.ts";
import type { Tensor } from "../tensor.ts";
import { partsOf } from "./measure.ts";
import "../wasm/default_device.ts";

const depthOf = ([step]: readonly ProgramStep[]): number => step.kind === "loop" ? 1 + depthOf(step.steps) : 0;

Deno.test("each nest becomes a program of its own, in its own loops, on the buffers of all", () => {
  using fn = jit((x: Tensor) => {
    const inner = (carry: Tensor, row: Tensor): [Tensor, null] => [carry.add(row).tanh(), null];
    const outer = (carry: Tensor, row: Tensor): [Tensor, null] => [scan(inner, carry, x)[0].mul(row), null];
    return scan(outer, x.sum({ axis: 0 }), x.slice([0, 0], [3, 2]))[0];
  });
  const { program } = versionOf(fn, ones([5, 2])).compiled.plan;
  const parts = partsOf(program);
  assertEquals(new Set(parts.map(({ program }) => program.buffers)), new Set([program.buffers]));
  assertEquals(parts.every(({ program: { steps } }) => steps.length === 1), true);
  const counted = parts.map(({ runs, program: { steps } }) => `${runs} runs in ${depthOf(steps)} loops`);
  assertEquals(new Set(counted), new Set(["1 runs in 0 loops", "3 runs in 1 loops", "15 runs in 2 loops"]));
});
