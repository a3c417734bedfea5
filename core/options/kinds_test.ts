import { assertEquals, assertThrows } from "@std/assert";
import { ones } from "../creation.ts";
import * as kinds from "./kinds.ts";
import type { AnyOption } from "./option.ts";
import { checkArgument, checkArguments } from "./read.ts";

const x = ones([2]);

/** Values that each kind accepts, and others with the words of their refusal. */
const cases: readonly [
  Pick<AnyOption, "accepts" | "refuse">,
  readonly unknown[],
  readonly (readonly [unknown, string])[],
][] = [
  [kinds.numberKind, [0, NaN, -Infinity], [["1", 'x to be a number, got "1"'], [undefined, "got undefined"]]],
  [kinds.numbersKind, [[], [1, NaN]], [[1, "x to be a list of numbers, got 1"], [[1, "2"], "x[1] to be a number"]]],
  [kinds.textKind, ["", "a"], [[1, "x to be a string, got 1"], [null, "got null"]]],
  [kinds.functionKind, [Math.abs, class {}], [["abs", 'x to be a function, got "abs"']]],
  [kinds.pathKind, ["a.ym", new URL("file:///a.ym")], [[1, "x to be a path or a URL, got 1"]]],
  [kinds.signalKind, [new AbortController().signal], [[{}, "x to be an AbortSignal, got {}"]]],
  [kinds.bytesKind, [new Uint8Array(2)], [[[1, 2], "x to be bytes, as a Uint8Array, got [1, 2]"]]],
  [kinds.tensorKind, [x], [[2, "x to be a tensor, got 2"], [[x], "x to be a tensor, got [a Tensor]"]]],
  [kinds.tensorsKind, [[], [x, x]], [[x, "x to be a list of tensors"], [[x, 1], "x[1] to be a tensor, got 1"]]],
  [kinds.operandKind, [x, NaN], [["1", 'x to be a tensor or a number, got "1"']]],
  [kinds.parametersKind("W", "b"), [{ W: x, b: x, rest: 1 }], [
    [{ W: x }, "x.b to be a tensor, got undefined"],
    [{ W: x, b: 1 }, "x.b to be a tensor, got 1"],
    [null, "x to be a record with W, b, got null"],
  ]],
  [kinds.objectKind("a layer", "init"), [{ init: 1 }, Object.create({ init: 1 })], [[{}, "x to be a layer, got {}"]]],
  [kinds.listKind("layers"), [[], [1]], [
    [{}, "x to be a list of layers, got {}"],
    [new Array(2), "x to be a list of layers, got [undefined, undefined]"],
  ]],
];

Deno.test("each kind of argument accepts its values, and the refusal of others says which argument it was", () => {
  for (const [kind, accepted, refused] of cases) {
    for (const value of accepted) checkArguments("test", { x: value }, kind);
    for (const [value, message] of refused) {
      const error = assertThrows(() => checkArguments("test", { y: accepted[0], x: value }, kind), TypeError, message);
      assertEquals(error.message.startsWith("Cannot test: expected x"), true, error.message);
    }
  }
});

Deno.test("a name of an entry is none that records have by themselves", () => {
  assertEquals(["W", "Dense 1", "x.y"].map(kinds.nameKind.accepts), [true, true, true]);
  for (const name of ["constructor", "toString", "__proto__"]) {
    const refuse = () => checkArguments("test", { name }, kinds.nameKind);
    assertThrows(refuse, RangeError, `expected name to be a name that not every object has, got "${name}"`);
  }
  assertThrows(() => checkArgument("test", "", kinds.nameKind), RangeError, 'expected a nonempty string, got ""');
  assertThrows(() => checkArgument("test", 1, kinds.nameKind), TypeError, "expected a nonempty string, got 1");
});

Deno.test("an argument without a name is checked like one with a name, and returned", () => {
  assertEquals(checkArgument("test", 3, kinds.numberKind), 3);
  assertThrows(
    () => checkArgument("test", "3", kinds.numberKind),
    TypeError,
    'Cannot test: expected a number, got "3"',
  );
});

Deno.test("the name of an element type is a known one, and the nearest is suggested", () => {
  assertEquals(kinds.checkDtype("cast", "i32"), "i32");
  const cast = (dtype: unknown) => Reflect.apply(kinds.checkDtype, undefined, ["cast", dtype]);
  assertThrows(() => cast("f23"), RangeError, 'one of f32, i32, u32, bool, got "f23"; did you mean f32?');
  assertThrows(() => cast(32), TypeError, "Cannot cast: expected one of f32, i32, u32, bool, got 32");
});
