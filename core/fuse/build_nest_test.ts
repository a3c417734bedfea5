import { assertEquals } from "@std/assert";
import type { Tensor } from "../tensor.ts";
import { type Computation, graphOf, planOf } from "../../tests/oracle.ts";

/** The names of the kernels of a function of a matrix, with their numbers of phases. */
function kernelsOf(fn: Computation, shape: readonly number[] = [3, 4]): string[] {
  const graph = graphOf(fn, [{ shape, dtype: "f32" }]);
  const { program } = planOf(graph, { name: "nests", maxSlots: 512, donated: new Set() });
  return program.steps.map((step) => step.kind === "nest" ? `${step.nest.name}: ${step.nest.phases.length}` : "loop");
}

const operations: readonly ((x: Tensor) => Tensor)[] = [
  ...[(x: Tensor) => x.exp(), (x: Tensor) => x.sin(), (x: Tensor) => x.abs(), (x: Tensor) => x.sqrt()],
  ...[(x: Tensor) => x.cos(), (x: Tensor) => x.floor(), (x: Tensor) => x.neg(), (x: Tensor) => x.log()],
];

Deno.test("a kernel has the names of up to six operations, or of five and the number of the others", () => {
  const names = (count: number) => kernelsOf((x) => operations.slice(0, count).map((operation) => operation(x)));
  assertEquals(names(1), ["exp: 1"]);
  assertEquals(names(6), ["exp+sin+abs+sqrt+cos+floor: 1"]);
  assertEquals(names(7), ["exp+sin+abs+sqrt+cos+…2: 1"]);
  assertEquals(names(8), ["exp+sin+abs+sqrt+cos+…3: 1"]);
  assertEquals(kernelsOf((x) => [x.exp(), x.add(1).exp()]), ["exp: 1"]);
});

Deno.test("a kernel has a phase for each pass over its inner loops, and one for what rows store", () => {
  assertEquals(kernelsOf((x) => x.sum({ axis: 1 })), ["sum: 2"]);
  assertEquals(kernelsOf((x) => x.sub(x.max({ axis: 1, keepDims: true }))), ["maxOf+sub: 2"]);
  assertEquals(kernelsOf((x) => [x.sub(x.max({ axis: 1, keepDims: true })), x.max({ axis: 1 }).neg()]), [
    "maxOf+sub+neg: 3",
  ]);
  assertEquals(kernelsOf((x) => x.sum({ axis: 1 }).neg(), [3, 5, 2]), ["sum+neg: 2"]);
});
