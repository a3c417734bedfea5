import { assertEquals, assertThrows } from "@std/assert";
import { ones, tensor } from "./creation.ts";
import { explain } from "./explain.ts";
import { jit } from "./jit.ts";
import type { Tensor } from "./tensor.ts";
import { scan } from "./scan.ts";
import "./wasm/default_device.ts";

Deno.test("a plan has a row for each kernel, with the loops around it, and totals", () => {
  const weights = tensor([[1, 2], [3, 4]]);
  using fn = jit((x: Tensor) => {
    const [last] = scan(
      (carry: Tensor, row: Tensor): [Tensor, null] => [carry.add(row).tanh(), null],
      x.sum({ axis: 0 }),
      x,
    );
    return last.reshape([1, 2]).matmul(weights);
  }, { name: "walk" });
  fn(ones([300, 2]));
  const [title, ...lines] = explain(fn).split("\n");
  assertEquals(title.replace(/ on .*/, ""), "walk");
  assertEquals(lines, [
    "kernel            loops    operations    bytes",
    "sum               2 · 300         600  2.41 kB",
    "start             2                 0      16B",
    "repeat 300 times",
    "  tanh            2                 4      40B",
    "dot+reshape       2 · 2             8      40B",
    "303 dispatches, 1.81 k floating-point operations, at least 14.5 kB moved",
    "302 barriers between dispatches, longest chain of dependent dispatches 303",
    "temporary memory 24B, constants 16B",
  ]);
});

Deno.test("stages are those of the compiler, and others are refused", () => {
  using fn = jit((x: Tensor) => x.exp(), { name: "power" });
  assertThrows(() => explain(fn), TypeError, "never called");
  assertEquals(explain(fn, { stage: "graph" }, ones([2])).split("\n").at(-1), "return %1");
  assertEquals(explain(fn, { stage: "nests" }).includes("for i0 < 2"), true);
  assertEquals(explain(fn, { stage: "source" }).includes("program power: 1 dispatches"), true);
  assertEquals(explain(fn, { stage: "plan" }), explain(fn));
  assertThrows(() => explain(fn, { stage: "code" as "plan" }), RangeError, "stage");
});
