import { assertEquals, assertStringIncludes } from "@std/assert";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { Nest } from "../../nest/nest.ts";
import { product } from "../test_contractions.ts";
import { patterns } from "../test_patterns.ts";
import { at, loops, makeNest, makePhase, makeSlot, reduce, store } from "../test_support.ts";
import { kernelOf } from "./kernel.ts";
import { renderMap } from "./map.ts";
import { renderRow } from "./row.ts";
import { renderTile } from "./tile.ts";

const map = { kind: "map", lanes: 64, unroll: 4, vectors: true } as const;

/** y[i] = Σ x[i, k] · w[k] */
function weightedSum(rows: number, columns: number): Nest {
  const table = new ExpressionTable();
  const [i, k] = loops(table, [rows, columns]);
  const value = table.apply("mul", "f32", [
    table.load("f32", 0, at(table, [rows, columns], [i, k])),
    table.load("f32", 1, k),
  ]);
  return makeNest({
    slots: [makeSlot(rows * columns), makeSlot(columns), makeSlot(rows, "write")],
    outer: [i],
    phases: [
      makePhase({ inner: [k], reductions: [reduce(0, "sum", value)] }),
      makePhase({ stores: [store(2, i, table.result("f32", 0))] }),
    ],
  });
}

function nestOf(description: string): Nest {
  const [step] = patterns[description]().program.steps;
  if (step.kind !== "nest") throw new Error("Cannot test a loop: expected a nest");
  return step.nest;
}

const body = (code: string): string => code.slice(code.indexOf("fn main"));

Deno.test("the map schedule hoists values that do not depend on the inner loop", () => {
  assertEquals(
    body(kernelOf(renderMap(weightedSum(3, 9), map)).code),
    `fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let number = group.x * 64u + lane;
  if (number >= 3u) { return; }
  let thread = i32(number);
  var r0: f32 = 0f;
  let at2 = thread * 9;
  for (var n1 = 0; n1 < 9; n1++) {
    let at3 = at2 + n1;
    let x4 = slot0[at3];
    let x5 = slot1[n1];
    r0 = fma(x4, x5, r0);
  }
  slot2[thread] = r0;
}
`,
  );
});

Deno.test("the map schedule reads and writes four neighbors at a time if possible", () => {
  assertEquals(
    kernelOf(renderMap(nestOf("a broadcast along whole vectors"), map)).code,
    `@group(0) @binding(0) var<storage, read> slot0: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> slot1: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> slot2: array<vec4<f32>>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let number = group.x * 64u + lane;
  if (number >= 6u) { return; }
  let thread = i32(number);
  let w0 = slot0[thread];
  let x1 = w0.x;
  let x2 = thread % 2;
  let w3 = slot1[x2];
  let x4 = w3.x;
  let x5 = x1 + x4;
  let x6 = w0.y;
  let x7 = w3.y;
  let x8 = x6 + x7;
  let x9 = w0.z;
  let x10 = w3.z;
  let x11 = x9 + x10;
  let x12 = w0.w;
  let x13 = w3.w;
  let x14 = x12 + x13;
  slot2[thread] = vec4(x5, x8, x11, x14);
}
`,
  );
});

Deno.test("the row schedule shares the inner loop and joins the parts by halves", () => {
  assertEquals(
    body(kernelOf(renderRow(weightedSum(3, 9), { kind: "row", lanes: 2 })).code),
    `fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let point = i32(group.x);
  if (point >= 3) { return; }
  var r0: f32 = 0f;
  let at2 = point * 9;
  for (var n1 = i32(lane); n1 < 9; n1 += 2) {
    let at3 = at2 + n1;
    let x4 = slot0[at3];
    let x5 = slot1[n1];
    r0 = fma(x4, x5, r0);
  }
  shared_f32[lane] = r0;
  workgroupBarrier();
  if (lane < 1u) {
    shared_f32[lane] = shared_f32[lane] + shared_f32[lane + 1u];
  }
  workgroupBarrier();
  let r06 = shared_f32[0];
  workgroupBarrier();
  if (lane == 0u) {
    slot2[point] = r06;
  }
}
`,
  );
});

Deno.test("several rows share a workgroup, and threads without a row compute the last one, but store nothing", () => {
  const kernel = kernelOf(renderRow(weightedSum(3, 9), { kind: "row", lanes: 2, threads: 5 }));
  assertEquals([kernel.schedule, kernel.workgroups], ["row, 2 of 5 lanes", [2, 1, 1]]);
  assertStringIncludes(kernel.code, "var<workgroup> shared_f32: array<f32, 6>;\n@compute @workgroup_size(5)\n");
  assertEquals(
    body(kernel.code),
    `fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let team = i32(lane / 2u);
  let place = lane % 2u;
  let first = lane - place;
  let begin = i32(group.x) * 2;
  if (begin >= 3) { return; }
  let point = begin + team;
  var r0: f32 = 0f;
  let x2 = min(point, 2);
  let at3 = x2 * 9;
  for (var n1 = i32(place); n1 < 9; n1 += 2) {
    let at4 = at3 + n1;
    let x5 = slot0[at4];
    let x6 = slot1[n1];
    r0 = fma(x5, x6, r0);
  }
  shared_f32[lane] = r0;
  workgroupBarrier();
  if (place < 1u) {
    shared_f32[lane] = shared_f32[lane] + shared_f32[lane + 1u];
  }
  workgroupBarrier();
  let r07 = shared_f32[first];
  workgroupBarrier();
  let x8 = point < 3;
  let x9 = team < 2;
  let x10 = x8 && x9;
  if (place == 0u) {
    if (x10) { slot2[x2] = r07; }
  }
}
`,
  );
  const whole = kernelOf(renderRow(weightedSum(4, 9), { kind: "row", lanes: 2, threads: 4 })).code;
  assertEquals([whole.includes("min("), whole.includes("point < 4")], [false, false]);
});

Deno.test("the tile schedule loads each value once for all the sums that need it", () => {
  const [step] = product(4, 16, 5).program.steps;
  if (step.kind !== "nest") throw new Error("Cannot test a loop: expected a nest");
  const { code } = kernelOf(renderTile(step.nest, {
    kind: "tile",
    along: "columns",
    alongThreads: 8,
    acrossThreads: 1,
    alongEach: 2,
    acrossEach: 2,
    groups: 1,
    staged: 0,
    vectors: false,
    unroll: 4,
  }));
  const loop = code.slice(code.indexOf("for ("), code.indexOf("  }\n", code.indexOf("for (")));
  assertEquals(loop.match(/slot0\[/g)?.length, 2);
  assertEquals(loop.match(/slot1\[/g)?.length, 2);
  assertEquals(loop.match(/fma\(/g)?.length, 4);
});

Deno.test("a guard protects the address, and the load is zero if it is false", () => {
  const { code } = kernelOf(renderMap(nestOf("a guarded load pads with zeros and a store transposes"), map));
  assertStringIncludes(code, "slot0[select(0, ");
  assertStringIncludes(code, "select(0f, ");
});
