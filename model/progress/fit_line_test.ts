import { assertEquals } from "@std/assert";
import { barOf, fitLine, widthOf } from "./fit_line.ts";

const parts = [
  { text: "pre-training 層 1", order: 1 },
  { text: "epoch 1/3", order: 0 },
  { text: "[#####.....]", short: "[##...]", order: 2, glued: true },
  { text: "5/10", order: 3, glued: true },
];

Deno.test("parts are shortened and then omitted, glued ones with those before them, by columns", () => {
  const at = (room: number) => fitLine(parts, room);
  assertEquals(widthOf("層 1"), 4);
  assertEquals(at(46), "pre-training 層 1  epoch 1/3 [#####.....] 5/10");
  assertEquals(at(45), "pre-training 層 1  epoch 1/3 [##...] 5/10");
  assertEquals(at(36), "pre-training 層 1  epoch 1/3 [##...]");
  assertEquals(at(35), "pre-training 層 1  epoch 1/3");
  assertEquals(at(27), "epoch 1/3 [##...] 5/10");
  assertEquals([at(4), at(0), at(-1)], ["epoc", "", ""]);
  for (let room = 0; room < 60; room++) assertEquals(widthOf(at(room)) <= room, true);
  assertEquals(fitLine([{ text: "層層", order: 0 }], 3), "層");
});

Deno.test("names cannot break the line or control the terminal", () => {
  assertEquals(fitLine([{ text: "a\n\x1b[2Jb", order: 0 }], 80), "a [2Jb");
});

Deno.test("a bar is filled in proportion", () => {
  assertEquals([barOf(0, 4), barOf(0.5, 4), barOf(1, 4)], ["[....]", "[##..]", "[####]"]);
});
