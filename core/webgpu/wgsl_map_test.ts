import { ExpressionTable } from "../compile/expression_table.ts";
import { openWebgpu } from "./backend.ts";
import {
  assertSame,
  at,
  loops,
  makeNest,
  makePhase,
  makeSlot,
  noise,
  programOf,
  reduce,
  store,
} from "./test_support.ts";

const backend = await openWebgpu({ allowSoftware: true });

Deno.test("an elementwise nest broadcasts operands whose index lacks a variable", async () => {
  const table = new ExpressionTable();
  const [i, j] = loops(table, [7, 5]);
  const x = table.load("f32", 0, at(table, [7, 5], [i, j]));
  const bias = table.load("f32", 1, j);
  const value = table.apply("tanh", "f32", [table.apply("add", "f32", [x, bias])]);
  const nest = makeNest({
    slots: [makeSlot(35), makeSlot(5), makeSlot(35, "write")],
    outer: [i, j],
    phases: [makePhase({ stores: [store(2, at(table, [7, 5], [i, j]), value)] })],
  });
  await assertSame(backend, programOf(nest), [noise(35), noise(5, 2)]);
});

Deno.test("a softmax in three phases normalises every row", async () => {
  const table = new ExpressionTable();
  const [i] = loops(table, [6]);
  const [a, b, c] = loops(table, [11, 11, 11], "k");
  const load = (k: typeof a) => table.load("f32", 0, at(table, [6, 11], [i, k]));
  const shifted = (k: typeof a) =>
    table.apply("exp", "f32", [table.apply("sub", "f32", [load(k), table.result("f32", 0)])]);
  const nest = makeNest({
    slots: [makeSlot(66), makeSlot(66, "write")],
    outer: [i],
    phases: [
      makePhase({ inner: [a], reductions: [reduce(0, "max", load(a))] }),
      makePhase({ inner: [b], reductions: [reduce(1, "sum", shifted(b))] }),
      makePhase({
        inner: [c],
        stores: [
          store(1, at(table, [6, 11], [i, c]), table.apply("div", "f32", [shifted(c), table.result("f32", 1)])),
        ],
      }),
    ],
  });
  await assertSame(backend, programOf(nest), [noise(66)]);
});
