import { assertEquals, assertThrows } from "@std/assert";
import { describeChoice, describedRecord, describeOptions, findNamed, nameIn, nested, record } from "./nested.ts";
import { count, finite } from "./numbers.ts";
import { callable } from "./values.ts";

const square = (x: number): number => x * x;
const power = (x: number, exponent: number): number => x ** exponent;
const registry = {
  square: { make: square, options: {} },
  power: { make: power, options: { exponent: finite({ least: 0 }) } },
};

Deno.test("an entry of a registry is found by its name, and its name by its function", () => {
  assertEquals([nameIn(registry, power), nameIn(registry, square), nameIn(registry, Math.abs)], [
    ...["power", "square", undefined],
  ]);
  assertEquals(findNamed(registry, "power", "curve"), registry.power);
  for (const [name, message] of [["powr", '"powr": did you mean power?'], ["toString", '"toString"']] as const) {
    assertThrows(() => findNamed(registry, name, "curve"), RangeError, `Cannot find curve ${message}`);
  }
  const wrong: unknown = 3;
  assertThrows(() => findNamed(registry, wrong as string, "curve"), RangeError, "Cannot find curve 3");
});

const size = { width: count({ required: true }), height: count() };

Deno.test("a record takes its own options, and the message names the wrong one", () => {
  const option = record<{ width: number; height?: number }>(size);
  assertEquals(option.expected, "a record of options");
  const given = [{ width: 1 }, { width: 1, height: 2 }, { width: 0 }, {}, { width: 1, depth: 2 }, 3, null, [1]];
  assertEquals(given.map(option.accepts), [true, true, false, false, false, false, false, false]);
  const refusals = given.slice(2).map((one) => option.refuse(one)).map((
    { problem, path, got },
  ) => [problem, path, got]);
  assertEquals(refusals, [
    ["bounds", ".width", "0"],
    ["missing", ".width", "nothing"],
    ["unknown", "", '"depth"'],
    ["kind", "", "3"],
    ["kind", "", "null"],
    ["kind", "", "[1]"],
  ]);
  assertEquals([{}, [], null, "width", 1].map(option.resembles), [true, false, false, false, false]);
  assertEquals(option.refuse({ width: 1 }), {
    problem: "kind",
    path: "",
    expected: option.expected,
    got: "{ width: 1 }",
  });
  assertEquals(option.toJson({ width: 1, height: 2 }), { width: 1, height: 2 });
});

Deno.test("a described record is refused in its own words, unless only an entry is wrong", () => {
  const option = describedRecord<{ width: number; height?: number }>("a record with a width", size, {
    help: "how large",
    required: true,
  });
  assertEquals([option.expected, option.required, option.help], ["a record with a width", true, "how large"]);
  assertEquals(option.refuse(3), { problem: "kind", path: "", expected: "a record with a width", got: "3" });
  const { problem, path, expected, got } = option.refuse({ width: 0 });
  assertEquals([problem, path, expected, got], ["bounds", ".width", "a whole number of at least 1", "0"]);
  assertEquals([{ width: 2 }, { width: 0 }].map(option.accepts), [true, false]);
});

Deno.test("a choice is a name, a function, or either with its options", () => {
  const option = nested<unknown>(registry, { what: "curve" });
  assertEquals(option.expected, "a curve (a name, a function, or [either, options])");
  assertEquals(nested(registry, { what: "arc" }).expected.startsWith("an arc "), true);
  assertEquals(option.names, ["square", "power"]);
  const right = ["square", power, Math.abs, ["power", { exponent: 2 }], [square, {}], [Math.abs, { any: 1 }]];
  assertEquals(right.map(option.accepts), right.map(() => true));
  const of = (value: unknown): unknown[] => {
    assertEquals(option.accepts(value), false);
    const { problem, path, got } = option.refuse(value);
    return [problem, path, got];
  };
  assertEquals(of("cube"), ["bounds", "", '"cube"']);
  assertEquals(of("toString"), ["bounds", "", '"toString"']);
  assertEquals(of(3), ["kind", "", "3"]);
  assertEquals(of(["power"]), ["kind", "", '["power"]']);
  assertEquals(of(["power", {}, {}]).slice(0, 2), ["kind", ""]);
  assertEquals(of([["power", {}], {}]).slice(0, 2), ["kind", ""]);
  assertEquals(of(["cube", {}]), ["bounds", "[0]", '"cube"']);
  assertEquals(of(["power", { exponent: -1 }]), ["bounds", "[1].exponent", "-1"]);
  assertEquals(of([power, { exponent: -1 }]), ["bounds", "[1].exponent", "-1"]);
  assertEquals(of(["square", { exponent: 1 }]), ["unknown", "[1]", '"exponent"']);
  const { expected, nearest } = option.refuse("powr");
  assertEquals([expected, nearest], ["one of square, power", "power"]);
  assertEquals(["a", [], 3, null].map(option.resembles), [true, true, false, false]);
  assertEquals(option.parse("power"), "power");
});

Deno.test("choices and options are written as JSON, functions by their names", () => {
  const json = ["power", power, [power, { exponent: 2 }], ["power", {}]].map((one) => describeChoice(registry, one));
  assertEquals(json, ["power", "power", ["power", { exponent: 2 }], ["power", {}]]);
  assertEquals(describeChoice(registry, Math.abs), { function: "abs" });
  assertEquals(nested<unknown>(registry, { what: "curve" }).toJson([square, {}]), ["square", {}]);
  const declaration = { n: count(), f: callable<(x: number) => number>() };
  assertEquals(describeOptions(declaration, { n: 2, f: Math.abs, other: [1], none: undefined }), {
    ...{ n: 2, f: { function: "abs" }, other: [1] },
  });
});

Deno.test("declarations of other things are refused", () => {
  const none: unknown = null;
  const message = "Cannot declare an option: expected a record of ";
  assertThrows(() => record(none as object), TypeError, `${message}options, got null`);
  assertThrows(() => nested(none as typeof registry, { what: "curve" }), TypeError, `${message}functions and { what }`);
  assertThrows(() => nested(registry, none as { what: string }), TypeError, `${message}functions and { what }`);
  const nameless: unknown = { what: 3 };
  assertThrows(() => nested(registry, nameless as { what: string }), TypeError, message);
});
