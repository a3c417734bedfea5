import { assertEquals, assertThrows } from "@std/assert";
import { type Node, parameter } from "../graph/node.ts";
import { addPrints, allPrinted, collectPrints, deliver, type Print } from "./prints.ts";

const value = (label: string, lines: string[], shape: number[] = []): Print => ({
  kind: "value",
  type: { shape, dtype: "f32" },
  label,
  print: (text) => void lines.push(text),
});

const read = (...values: number[]): Promise<Float32Array<ArrayBuffer>> => Promise.resolve(Float32Array.from(values));

Deno.test("values are printed in order, with their labels, types and elements", async () => {
  const lines: string[] = [];
  let resolve = (_: Float32Array<ArrayBuffer>): void => {};
  deliver([value("late", lines)], [new Promise((done) => resolve = done)]);
  deliver([value("", lines, [2]), value("b", lines)], [read(1, 2), read(3)]);
  await read(0);
  assertEquals(lines, []);
  resolve(Float32Array.of(7));
  await allPrinted();
  assertEquals(lines, ["late: f32[] 7", "f32[2] [1, 2]", "b: f32[] 3"]);
});

Deno.test("loops print turn by turn in the order in which they ran, with the numbers of all turns", async () => {
  const lines: string[] = [];
  const loop = (length: number, prints: Print[], reverse = false): Print => ({ kind: "loop", length, reverse, prints });
  const print = (label: string, shape?: number[]) => value(label, lines, shape);
  deliver([loop(2, [print("a"), print("b", [2])]), print("after")], [read(1, 2), read(3, 4, 5, 6), read(9)]);
  await allPrinted();
  assertEquals(lines.splice(0), [
    ...["a[0]: f32[] 1", "b[0]: f32[2] [3, 4]", "a[1]: f32[] 2", "b[1]: f32[2] [5, 6]", "after: f32[] 9"],
  ]);
  deliver([loop(3, [print("a")], true), loop(0, [print("none")])], [read(1, 2, 3), read()]);
  await allPrinted();
  assertEquals(lines.splice(0), ["a[2]: f32[] 3", "a[1]: f32[] 2", "a[0]: f32[] 1"]);
  deliver([loop(2, [print("x"), loop(3, [print("y")], true), print("z")])], [
    ...[read(1, 2), read(10, 11, 12, 13, 14, 15), read(7, 8)],
  ]);
  await allPrinted();
  assertEquals(lines.map((line) => line.replace("f32[] ", "")), [
    ...["x[0]: 1", "y[0, 2]: 12", "y[0, 1]: 11", "y[0, 0]: 10", "z[0]: 7"],
    ...["x[1]: 2", "y[1, 2]: 15", "y[1, 1]: 14", "y[1, 0]: 13", "z[1]: 8"],
  ]);
});

Deno.test("what a function prints is collected from it alone, also if it fails", () => {
  const lines: string[] = [];
  const node: Node = parameter(0, { shape: [], dtype: "f32" });
  const add = (label: string) => addPrints({ prints: [value(label, lines)], nodes: [node] });
  const outer = collectPrints(() => {
    add("before");
    const inner = collectPrints(() => {
      add("inside");
      return 5;
    });
    assertThrows(() =>
      collectPrints(() => {
        add("lost");
        throw new Error("failed");
      })
    );
    addPrints({ prints: [], nodes: [] });
    add("after");
    return inner;
  });
  const labels = (prints: readonly Print[]) => prints.map((one) => one.kind === "value" && one.label);
  assertEquals([labels(outer.prints), outer.nodes.length], [["before", "after"], 2]);
  assertEquals([labels(outer.value.prints), outer.value.nodes, outer.value.value], [["inside"], [node], 5]);
  assertEquals(lines, []);
});

Deno.test("a failed read is reported, and later values are printed", async () => {
  const lines: string[] = [];
  const uncaught: unknown[] = [];
  const note = (event: ErrorEvent): void => {
    event.preventDefault();
    uncaught.push(event.error.message);
  };
  globalThis.addEventListener("error", note);
  deliver([value("a", lines)], [Promise.reject(new Error("lost"))]);
  deliver([value("b", lines)], [read(1)]);
  await allPrinted();
  await new Promise((resolve) => setTimeout(resolve, 0));
  globalThis.removeEventListener("error", note);
  assertEquals([lines, uncaught], [["b: f32[] 1"], ["lost"]]);
});
