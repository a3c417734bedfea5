import { assertEquals } from "@std/assert";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { at, loops, makeNest, makePhase, makeSlot, store } from "../test_support.ts";
import { kernelOf } from "../wgsl/kernel.ts";
import { renderMap } from "../wgsl/map.ts";
import type { Member } from "./frame.ts";
import { mergeMembers } from "./merge.ts";

/** y[i] = op x[i], with a loop counter that is not used. */
function member(op: "neg" | "abs" | "exp", elements: number, buffers: readonly number[]): Member {
  const table = new ExpressionTable();
  const outer = loops(table, [elements]);
  const index = at(table, [elements], outer);
  const value = table.apply(op, "f32", [table.load("f32", 0, index)]);
  const nest = makeNest({
    ...{ name: op, slots: [makeSlot(elements), makeSlot(elements, "write")], outer },
    phases: [makePhase({ stores: [store(1, index, value)] })],
  });
  return { body: renderMap(nest, { kind: "map", lanes: 8, unroll: 1, vectors: false }), buffers };
}

Deno.test("a merged kernel branches on the number of the workgroup", () => {
  const { kernel, buffers } = mergeMembers([member("neg", 20, [5, 6]), member("abs", 5, [5, 3])]);
  assertEquals(buffers, [5, 6, 3]);
  assertEquals(
    { ...kernel, code: "" },
    {
      ...{ name: "neg | abs", schedule: "map, 8 lanes (3 workgroups) | map, 8 lanes (1 workgroups)", code: "" },
      slots: [makeSlot(20), makeSlot(20, "write"), makeSlot(5, "write")],
      ...{ checksIndices: false, counters: [], workgroups: [4, 1, 1] },
    },
  );
  assertEquals(
    kernel.code,
    `@group(0) @binding(0) var<storage, read> slot0: array<f32>;
@group(0) @binding(1) var<storage, read_write> slot1: array<f32>;
@group(0) @binding(2) var<storage, read_write> slot2: array<f32>;
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let overall = group.x;
  if (overall < 3u) {
    let group = vec3<u32>(overall, 0u, 0u);
    let number = group.x * 8u + lane;
    if (number >= 20u) { return; }
    let thread = i32(number);
    let x0 = slot0[thread];
    let x1 = -x0;
    slot1[thread] = x1;
  } else if (overall < 4u) {
    let group = vec3<u32>(overall - 3u, 0u, 0u);
    let number = group.x * 8u + lane;
    if (number >= 5u) { return; }
    let thread = i32(number);
    let x0 = slot0[thread];
    let x1 = abs(x0);
    slot2[thread] = x1;
  }
}
`,
  );
});

Deno.test("a kernel that is merged with none has its own text", () => {
  const alone = member("exp", 20, [7, 7]);
  assertEquals(mergeMembers([alone]), { kernel: kernelOf(alone.body), buffers: [7, 7] });
});

Deno.test("the functions of all bodies are declared once, and more workgroups than a row has are spread", () => {
  const members = [member("exp", 20, [0, 1]), member("exp", 8 * 65535, [2, 3]), member("neg", 5, [4, 5])];
  const { kernel: { code, workgroups } } = mergeMembers(members);
  const declared = code.match(/^fn \w+/gm)!;
  assertEquals([new Set(declared).size, workgroups], [declared.length, [32770, 2, 1]]);
  assertEquals(code.includes("let overall = (group.y * 32770u + group.x);"), true);
  assertEquals(code.includes("else if (overall < 65539u) {"), true);
});
