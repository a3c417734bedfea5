import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { ones, tensor, zeros } from "./creation.ts";
import type { Tensor } from "./tensor.ts";
import { flattenTree, leavesOf, mapTree } from "./tree.ts";

const [a, b, c] = [ones([1]), ones([2]), ones([3])];

Deno.test("leaves are in the order of arrays and of record keys", () => {
  assertEquals(leavesOf({ second: [b, { deep: c }], first: a }).map(({ shape }) => shape[0]), [2, 3, 1]);
  assertEquals(leavesOf(a), [a]);
  assertEquals(leavesOf([1, "text", null, undefined, { x: [] }]), []);
});

Deno.test("a tree is rebuilt with other leaves, and is new", () => {
  const tree = { W: [a, b], rate: 0.1, name: "one", none: null, [Symbol.for("hidden")]: c };
  const { leaves, rebuild } = flattenTree(tree);
  const rebuilt = rebuild(["A", "B"]);
  assertEquals(leaves, [a, b]);
  assertEquals(rebuilt, { W: ["A", "B"], rate: 0.1, name: "one", none: null });
  assert(rebuilt !== tree);
  assertEquals(rebuild(["C", "D"]), { W: ["C", "D"], rate: 0.1, name: "one", none: null });
});

Deno.test("trees that differ only in tensors have one form", () => {
  assertEquals(flattenTree({ x: a, n: 1 }).structure, flattenTree({ x: c, n: 1 }).structure);
});

Deno.test("trees that differ in anything else differ in form", () => {
  const trees = [
    a,
    [a],
    [[a]],
    [a, []],
    [[a], a],
    [[a, a]],
    [a, [a]],
    { x: a },
    { y: a },
    { x: a, y: 1 },
    { x: a, y: "1" },
    { x: a, y: true },
    { x: a, y: null },
    { x: a, y: undefined },
    { x: a, y: NaN },
    { x: a, y: 0 },
    { x: a, y: -0 },
    ["a;string b", a],
    ["a", "b", a],
    ["*"],
    ["]"],
    [1, 2],
    [12],
    [-1],
    ['"a"'],
    { '"x': a },
    { "x:": a },
  ];
  assertEquals(new Set(trees.map((tree) => flattenTree(tree).structure)).size, trees.length);
  assertNotEquals(flattenTree({ x: 1, y: 2 }).structure, flattenTree({ y: 2, x: 1 }).structure);
});

Deno.test("records without a prototype are records, and other objects are refused with their path", () => {
  assertEquals(leavesOf(Object.assign(Object.create(null), { x: a })), [a]);
  assertThrows(
    () => flattenTree({ layers: [a, { W: new Map() }] }),
    TypeError,
    "Cannot use .layers[1].W as a tree: expected tensors, constants, arrays and plain records, got Map",
  );
  assertThrows(() => flattenTree(new Float32Array(2)), TypeError, "Cannot use the argument as a tree");
});

Deno.test("functions and symbols are refused, since nothing could distinguish them", () => {
  assertThrows(() => flattenTree([() => 1]), TypeError, "Cannot use [0] as a tree: got a function; close over it");
  assertThrows(() => flattenTree({ s: Symbol("x") }), TypeError, "Cannot use .s as a tree: got a symbol");
});

Deno.test("a change gets the corresponding leaves of all trees", async () => {
  const sum = mapTree(
    (...all: Tensor[]) => all.reduce((x, y) => x.add(y)),
    { W: tensor([1, 2]), rest: [tensor([3])] },
    { W: tensor([10, 20]), rest: [tensor([30])] },
    { W: tensor([100, 200]), rest: [tensor([300])] },
  );
  assertEquals([await sum.W.toArray(), await sum.rest[0].toArray()], [[111, 222], [333]]);
});

Deno.test("trees of different forms are not mapped", () => {
  assertThrows(
    () => mapTree((x) => x, { W: a }, { b: a }),
    TypeError,
    'Cannot map trees of different forms: expected {"W":*}, got {"b":*}',
  );
  assertThrows(() => mapTree((x) => x, { n: 1, W: a }, { n: 2, W: zeros([1]) }), TypeError, "different forms");
});
