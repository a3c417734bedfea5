import { assertEquals, assertThrows } from "@std/assert";
import type { DType } from "../dtype.ts";
import { evaluateNest, evaluateProgram } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import { ExpressionTable } from "./expression_table.ts";
import type { Nest, ReductionKind } from "./nest.ts";
import type { Program } from "./program.ts";
import { nestOf, phaseOf, slotOf } from "./test_nests.ts";

const table = new ExpressionTable();
const number = (value: number, dtype: DType = "f32"): Expression => table.literal(dtype, value);
const plus = (a: Expression, b: Expression): Expression => table.apply("add", "f32", [a, b]);
const cells = (...values: number[]): Float64Array => Float64Array.from(values);

/** The cells of the last slot after a run on these inputs. */
function run(nest: Nest, ...inputs: Float64Array[]): number[] {
  const memory = [...inputs, new Float64Array(nest.slots.at(-1)!.elements)];
  evaluateNest(nest, memory);
  return [...memory.at(-1)!];
}

Deno.test("a store runs at every point of the loops", () => {
  const [i, j] = [table.variable("i", 2), table.variable("i", 3)];
  const index = table.affine([[i, 3], [j, 1]]);
  const value = table.apply("mul", "f32", [table.load("f32", 0, index), table.apply("cast", "f32", [j])]);
  const nest = nestOf({
    slots: [slotOf(6), slotOf(6, "write")],
    outer: [i, j],
    phases: [phaseOf({ stores: [{ slot: 1, index, value }] })],
  });
  assertEquals(run(nest, cells(1, 2, 3, 4, 5, 6)), [0, 2, 6, 0, 5, 12]);
});

/** Reduces each row of [2, 4] elements, then stores the result. */
function reductionOf(kind: ReductionKind): Nest {
  const [i, k] = [table.variable("i", 2), table.variable("k", 4)];
  const dtype = kind.startsWith("arg") ? "i32" : "f32";
  const value = table.load("f32", 0, table.affine([[i, 4], [k, 1]]));
  return nestOf({
    slots: [slotOf(8), slotOf(2, "write", dtype)],
    outer: [i],
    phases: [
      phaseOf({ inner: [k], reductions: [{ id: 0, kind, value, dtype }] }),
      phaseOf({ stores: [{ slot: 1, index: i, value: table.result(dtype, 0) }] }),
    ],
  });
}

Deno.test("reductions combine a row, and positions are those of the first extreme", () => {
  const rows = cells(3, -1, 3, 2, 0.5, 7, -7, -7);
  const expected = { sum: [7, -6.5], prod: [-18, 171.5], max: [3, 7], min: [-1, -7], argmax: [0, 1], argmin: [1, 2] };
  for (const [kind, values] of Object.entries(expected)) {
    assertEquals(run(reductionOf(kind as ReductionKind), rows), values, kind);
  }
});

Deno.test("each row starts at the identity, which is the result for no values", () => {
  const identities = { sum: 0, prod: 1, max: -Infinity, min: Infinity, argmax: 0, argmin: 0 };
  const empty = table.variable("k", 0);
  for (const [kind, value] of Object.entries(identities)) {
    const nest = reductionOf(kind as ReductionKind);
    const [phase, store] = nest.phases;
    assertEquals(run({ ...nest, phases: [{ ...phase, inner: [empty] }, store] }, cells(1, 2, 3, 4, 5, 6, 7, 8)), [
      value,
      value,
    ]);
  }
});

Deno.test("positions are row-major numbers within several inner loops", () => {
  const [k, l] = [table.variable("k", 2), table.variable("k", 3)];
  const value = table.load("f32", 0, table.affine([[l, 2], [k, 1]]));
  const nest = nestOf({
    slots: [slotOf(6), slotOf(1, "write", "i32")],
    outer: [],
    phases: [
      phaseOf({ inner: [k, l], reductions: [{ id: 0, kind: "argmax", value, dtype: "i32" }] }),
      phaseOf({ stores: [{ slot: 1, index: number(0, "i32"), value: table.result("i32", 0) }] }),
    ],
  });
  assertEquals(run(nest, cells(0, 0, 0, 9, 0, 0)), [4]);
});

Deno.test("later phases use the results of earlier ones", () => {
  const k = table.variable("k", 3);
  const element = table.load("f32", 0, k);
  const centred = table.apply("sub", "f32", [element, table.result("f32", 0)]);
  const nest = nestOf({
    slots: [slotOf(3), slotOf(3, "write")],
    outer: [],
    phases: [
      phaseOf({ inner: [k], reductions: [{ id: 0, kind: "max", value: element, dtype: "f32" }] }),
      phaseOf({ inner: [k], reductions: [{ id: 1, kind: "sum", value: centred, dtype: "f32" }] }),
      phaseOf({ inner: [k], stores: [{ slot: 1, index: k, value: plus(centred, table.result("f32", 1)) }] }),
    ],
  });
  assertEquals(run(nest, cells(1, 5, 2)), [-11, -7, -10]);
});

Deno.test("nothing is read or stored if a guard is false, whatever the index is", () => {
  const i = table.variable("i", 4);
  const index = table.affine([[i, 1]], -2);
  const inside = table.within(index, 0, 2);
  const nest = nestOf({
    slots: [slotOf(2), slotOf(4, "write")],
    outer: [i],
    phases: [phaseOf({
      stores: [
        { slot: 1, index: i, value: plus(table.load("f32", 0, index, { guard: inside }), number(1)) },
        {
          slot: 1,
          index: table.affine([[i, 1]], -1),
          value: number(9),
          guard: table.apply("eq", "bool", [i, number(1, "i32")]),
        },
      ],
    })],
  });
  assertEquals(run(nest, cells(10, 20)), [9, 1, 11, 21]);
});

Deno.test("stores that add run in the order of the inner loops", () => {
  const k = table.variable("k", 4);
  const place = table.load("i32", 0, k);
  const nest = nestOf({
    slots: [slotOf(4, "read", "i32"), slotOf(3, "write")],
    outer: [],
    phases: [
      phaseOf({ inner: [k], stores: [{ slot: 1, index: place, value: table.apply("cast", "f32", [k]), add: true }] }),
    ],
  });
  assertEquals(run(nest, cells(2, 0, 2, 0)), [4, 0, 2]);
});

Deno.test("sums of integers in memory wrap around", () => {
  const k = table.variable("k", 2);
  const store = { slot: 0, index: number(0, "i32"), value: number(2 ** 30, "i32"), add: true };
  const nest = nestOf({
    slots: [slotOf(1, "write", "i32")],
    outer: [],
    phases: [phaseOf({ inner: [k], stores: [store] })],
  });
  assertEquals(run(nest), [-(2 ** 31)]);
});

Deno.test("all stores of a point read before any of them write", () => {
  const [zero, one] = [number(0, "i32"), number(1, "i32")];
  const stores = [
    { slot: 0, index: zero, value: table.load("f32", 0, one) },
    { slot: 0, index: one, value: table.load("f32", 0, zero) },
  ];
  const nest = nestOf({ slots: [slotOf(2, "readwrite")], outer: [], phases: [phaseOf({ stores })] });
  const memory = [cells(1, 2)];
  evaluateNest(nest, memory);
  assertEquals([...memory[0]], [2, 1]);
});

Deno.test("index arithmetic has 32 bits", () => {
  const i = table.variable("i", 4);
  const value = table.apply("cast", "f32", [table.affine([[i, 2 ** 30]], 1)]);
  const nest = nestOf({
    slots: [slotOf(4, "write")],
    outer: [i],
    phases: [phaseOf({ stores: [{ slot: 0, index: i, value }] })],
  });
  assertEquals(run(nest), [1, 2 ** 30 + 1, -(2 ** 31) + 1, -(2 ** 30) + 1]);
});

Deno.test("loads and stores outside a slot are refused, and so are variables without a loop", () => {
  const i = table.variable("i", 3);
  const storing = (index: Expression, value: Expression): Nest =>
    nestOf({
      slots: [slotOf(2), slotOf(3, "write")],
      outer: [i],
      phases: [phaseOf({ stores: [{ slot: 1, index, value }] })],
    });
  const past = table.load("f32", 0, i);
  const before = table.load("f32", 0, table.affine([[i, 1]], -1));
  assertThrows(() => run(storing(i, past), cells(1, 2)), RangeError, 'Cannot load element 2 of slot 0 in nest "test"');
  assertThrows(() => run(storing(i, before), cells(1, 2)), RangeError, "Cannot load element -1 of slot 0");
  assertThrows(() => run(storing(table.affine([[i, 2]]), number(1)), cells(1, 2)), RangeError, "element 4 of slot 1");
  const oneOn = table.affine([[i, 1]], 1);
  assertThrows(() => run(storing(oneOn, number(1)), cells(1, 2)), RangeError, "element 3 of slot 1");
  const stranger = table.variable("j", 3);
  assertThrows(() => run(storing(stranger, number(1)), cells(1, 2)), Error, 'Cannot run nest "test": it has no loop');
});

Deno.test("a program runs its steps in order, loops run all their iterations, and nests read their counters", () => {
  const [t, u] = [table.variable("t", 3), table.variable("t", 2)];
  const [zero, turn] = [number(0, "i32"), table.apply("cast", "f32", [table.affine([[t, 2], [u, 1]])])];
  const sum = plus(table.load("f32", 0, zero), turn);
  const add = nestOf({
    slots: [slotOf(1, "readwrite")],
    counters: [t, u],
    outer: [],
    phases: [phaseOf({ stores: [{ slot: 0, index: zero, value: sum }] })],
  });
  const double = nestOf({
    slots: [slotOf(1), slotOf(1, "write")],
    outer: [],
    phases: [
      phaseOf({
        stores: [{ slot: 1, index: zero, value: plus(table.load("f32", 0, zero), table.load("f32", 0, zero)) }],
      }),
    ],
  });
  const inner = { kind: "loop", counter: u, steps: [{ kind: "nest", nest: add, buffers: [1] }] } as const;
  const program: Program = {
    name: "sums",
    buffers: [{ dtype: "f32", bytes: 4 }, { dtype: "f32", bytes: 4 }],
    steps: [
      { kind: "loop", counter: t, steps: [inner] },
      { kind: "nest", nest: double, buffers: [1, 0] },
    ],
  };
  const memory = [cells(NaN), cells(100)];
  evaluateProgram(program, memory);
  assertEquals(memory.map(([value]) => value), [230, 115]);
});
