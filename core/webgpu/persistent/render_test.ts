import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { matmul } from "../../functions/matmul.ts";
import type { Program } from "../../nest/program.ts";
import { scan } from "../../scan.ts";
import type { Tensor } from "../../tensor.ts";
import type { PersistentSchedule, Scheduler } from "../schedule/schedule.ts";
import { kernelOf } from "../wgsl/kernel.ts";
import { lowerLoop } from "./lower_loop.ts";
import { withStarts } from "./starts.ts";
import { programFor } from "./test_loops.ts";

const schedule: PersistentSchedule = { kind: "persistent", rows: 2, lanes: 64 };
const scheduler: Scheduler = {
  parts: () => 1,
  schedule: () => ({ kind: "map", lanes: 64, unroll: 4, vectors: false }),
  loop: () => schedule,
};

function kernelFor(program: Program, { withItsStarts = false } = {}) {
  const step = withStarts(program.steps).find((step) => step.kind === "started");
  assert(step);
  const lowered = lowerLoop(withItsStarts ? step : { ...step, starts: [] }, { scheduler, maxSlots: 16 });
  assert(lowered.kind === "persistent");
  return kernelOf(lowered.body);
}

const layer = (x: Tensor, u: Tensor): Tensor =>
  scan((h: Tensor, input: Tensor): [Tensor, null] => [input.add(matmul(h, u)), null], x.sum({ axis: 0 }), x)[0];

Deno.test("the nests of a loop stand one after the other in its turns, with barriers between them", () => {
  const { code, schedule, workgroups } = kernelFor(programFor(layer, [[5, 3, 4], [4, 4]]));
  assertEquals([schedule, workgroups], ["persistent, 5 turns, 2 of 3 rows for 64 lanes", [2, 1, 1]]);
  assertEquals(
    code,
    `@group(0) @binding(0) var<storage, read_write> slot0: array<f32>;
@group(0) @binding(1) var<storage, read> slot1: array<f32>;
@group(0) @binding(2) var<storage, read> slot2: array<f32>;
var<workgroup> factors: array<vec4<f32>, 2>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let slice = i32(group.x);
  let rows = min(2, 3 - slice * 2);
  let zero = f32(min(slice, 0));
  for (var turn = 0; turn < 5; turn++) {
    // dot+add
    {
      let x1 = turn % 2;
      let at2 = slice * 2;
      let at5 = x1 * 12;
      for (var vector0 = i32(lane); vector0 < 2; vector0 += 64) {
        let at3 = at2 + vector0;
        let x4 = min(at3, 2);
        let at6 = at5 + x4 * 4;
        let x7 = slot0[at6];
        let at8 = at6 + 1;
        let x9 = slot0[at8];
        let at10 = at6 + 2;
        let x11 = slot0[at10];
        let at12 = at6 + 3;
        let x13 = slot0[at12];
        factors[vector0] = vec4<f32>(x7, x9, x11, x13);
      }
    }
    workgroupBarrier();
    {
      let at10 = turn * 12 + slice * 8;
      let x14 = turn % 2;
      let at15 = x14 * (-12) + slice * 8;
      let at18 = slice * 2;
      let at19 = at18 + 1;
      let x20 = min(at19, 2);
      let at21 = turn * 12 + x20 * 4;
      let at25 = x14 * (-12) + x20 * 4;
      let x28 = at19 < 3;
      for (var column0 = i32(lane); column0 < 4; column0 += 64) {
        var sum_0_0: f32 = zero;
        var sum_1_0: f32 = zero;
        let f1 = factors[0];
        let f2 = factors[1];
        let x3 = slot1[column0];
        sum_0_0 = fma(f1.x, x3, sum_0_0);
        sum_1_0 = fma(f2.x, x3, sum_1_0);
        let at4 = column0 + 4;
        let x5 = slot1[at4];
        sum_0_0 = fma(f1.y, x5, sum_0_0);
        sum_1_0 = fma(f2.y, x5, sum_1_0);
        let at6 = column0 + 8;
        let x7 = slot1[at6];
        sum_0_0 = fma(f1.z, x7, sum_0_0);
        sum_1_0 = fma(f2.z, x7, sum_1_0);
        let at8 = column0 + 12;
        let x9 = slot1[at8];
        sum_0_0 = fma(f1.w, x9, sum_0_0);
        sum_1_0 = fma(f2.w, x9, sum_1_0);
        let at11 = at10 + column0;
        let x12 = slot2[at11];
        let x13 = x12 + sum_0_0;
        let at16 = at15 + column0;
        let at17 = at16 + 12;
        slot0[at17] = x13;
        let at22 = at21 + column0;
        let x23 = slot2[at22];
        let x24 = x23 + sum_1_0;
        let at26 = at25 + column0;
        let at27 = at26 + 12;
        if (x28) { slot0[at27] = x24; }
      }
    }
    storageBarrier();
    workgroupBarrier();
  }
}
`,
  );
});

Deno.test("a nest that uses nothing of the one before it needs no barrier", () => {
  const two = (x: Tensor): Tensor[] =>
    scan(
      ([a, b]: Tensor[], input: Tensor): [Tensor[], null] => [[a.mul(input), b.add(input.sum({ axis: 1 }))], null],
      [x.sum({ axis: 0 }), x.sum({ axis: [0, 2] })],
      x,
    )[0];
  const { code } = kernelFor(programFor(two, [[5, 3, 4]]));
  assertEquals(code.match(/storageBarrier/g)?.length, 1, "only that at the end of the turn");
  assert(code.lastIndexOf("storageBarrier") > code.lastIndexOf("slot"));
  assert(!code.includes("workgroupBarrier"));
});

Deno.test("a single turn ends without a barrier", () => {
  const { code } = kernelFor(programFor(layer, [[1, 3, 4], [4, 4]]));
  assertStringIncludes(code, "turn < 1;");
  assert(!code.includes("storageBarrier"));
});

Deno.test("nests that prepare the memory of a loop run once before its turns", () => {
  const program = programFor(layer, [[5, 3, 4], [4, 4]]);
  const { code, name } = kernelFor(program, { withItsStarts: true });
  assertEquals(name, "start, dot+add");
  const [before, turns] = code.split("for (var turn");
  assertStringIncludes(before, "// start");
  assertStringIncludes(before, "storageBarrier();");
  assert(!turns.includes("// start"));
});
