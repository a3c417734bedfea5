import { assertEquals, assertThrows } from "@std/assert";
import type { Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { KernelBody } from "../wgsl/body.ts";
import { makeSlot } from "../test_support.ts";
import { memoryBytes, shareFrame } from "./frame.ts";

/** A body that does nothing. */
const body = (more: Partial<KernelBody> = {}): KernelBody => ({
  ...{ name: "test", schedule: "map", slots: [], vectors: new Set<number>(), checksIndices: false, counters: [] },
  ...{ lanes: 64, groups: 1, memory: [], functions: new Set<never>(), lines: [] },
  ...more,
});

Deno.test("a buffer that several bodies read is bound once, with the most elements that one of them reads", () => {
  const first = { body: body({ slots: [makeSlot(4), makeSlot(5, "write")] }), buffers: [7, 3] };
  const second = { body: body({ slots: [makeSlot(6, "readwrite"), makeSlot(9)] }), buffers: [2, 7] };
  const { slots, buffers, names } = shareFrame([first, second]);
  assertEquals(slots, [makeSlot(9), makeSlot(5, "write"), makeSlot(6, "readwrite")]);
  assertEquals(buffers, [7, 3, 2]);
  assertEquals(names.map((one) => [...one]), [
    [["slot0", "slot0"], ["slot1", "slot1"]],
    [["slot0", "slot2"], ["slot1", "slot0"]],
  ]);
});

Deno.test("a buffer is bound once for each type of its elements", () => {
  const slots = [makeSlot(8)];
  const plain = { body: body({ slots }), buffers: [0] };
  const wide = { body: body({ slots, vectors: new Set([0]) }), buffers: [0] };
  const whole = { body: body({ slots: [makeSlot(8, "read", "i32")] }), buffers: [0] };
  const shared = shareFrame([plain, wide, whole, wide, plain]);
  assertEquals([shared.buffers, [...shared.vectors]], [[0, 0, 0], [1]]);
  assertEquals(shared.slots.map(({ dtype }) => dtype), ["f32", "f32", "i32"]);
  assertEquals(shared.names.map((one) => one.get("slot0")), ["slot0", "slot1", "slot2", "slot1", "slot0"]);
});

Deno.test("bodies of which one writes what another one uses are refused", () => {
  const reads = { body: body({ slots: [makeSlot(4)] }), buffers: [7] };
  const writes = { body: body({ slots: [makeSlot(4, "readwrite")] }), buffers: [7] };
  for (const members of [[reads, writes], [writes, reads], [writes, writes]]) {
    assertThrows(() => shareFrame(members), Error, "Cannot merge kernels: one writes buffer 7, which another one uses");
  }
});

Deno.test("bodies share the loop counters around them", () => {
  const table = new ExpressionTable();
  const [turn, other]: Variable[] = [table.variable("t", 3), table.variable("t", 3)];
  const first = { body: body({ counters: [turn] }), buffers: [] };
  const second = { body: body({ counters: [other, turn], checksIndices: true }), buffers: [] };
  const { counters, checksIndices, names } = shareFrame([first, second]);
  assertEquals([counters, checksIndices], [[turn, other], true]);
  assertEquals([...names[1]], [["counter0", "counter1"], ["counter1", "counter0"]]);
});

Deno.test("arrays of different bodies take turns with workgroup memory, those of one body do not", () => {
  const array = (name: string, element: string, ...lengths: number[]) => ({ name, element, lengths });
  const members = [
    [array("tile_across", "vec4<f32>", 16, 9), array("tile_along", "vec4<f32>", 16, 17)],
    [array("tile_across", "vec4<f32>", 16, 33), array("tile_along", "vec4<f32>", 8, 5), array("sums", "f32", 64)],
    [array("shared_f32", "f32", 256), array("shared_i32", "i32", 256)],
    [array("tile_along", "f32", 16, 3)],
  ].map((memory) => ({ body: body({ memory }), buffers: [] }));
  const { memory, names } = shareFrame(members);
  assertEquals(memory, [
    array("tile_across", "vec4<f32>", 16, 33),
    array("tile_along", "vec4<f32>", 16, 17),
    array("sums", "f32", 256),
    array("shared_i32", "i32", 256),
    array("tile_along_4", "f32", 16, 3),
  ]);
  assertEquals(names.map((one) => [...one.values()]), [
    ["tile_across", "tile_along"],
    ["tile_across", "tile_along", "sums"],
    ["sums", "shared_i32"],
    ["tile_along_4"],
  ]);
  assertEquals(memoryBytes(memory), 16 * (16 * 33 + 16 * 17) + 4 * (256 + 256 + 16 * 3));
  assertEquals(memoryBytes([array("a", "f32", 5), array("b", "vec2<f32>", 3), array("c", "bool", 4)]), 32 + 32 + 16);
});
