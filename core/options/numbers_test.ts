import { assertEquals } from "@std/assert";
import { count, finite, type NumberSpec, positive, share, whole } from "./numbers.ts";
import type { AnyOption } from "./option.ts";

const values = [-Infinity, -1, 0, 0.5, 1, 2, 3, Infinity, NaN];

/** Each option with its words, and the values among {@linkcode values} that it takes. */
const cases: readonly (readonly [AnyOption, string, readonly number[]])[] = [
  [finite(), "a number", [-1, 0, 0.5, 1, 2, 3]],
  [finite({ infinite: true }), "a number", [-Infinity, -1, 0, 0.5, 1, 2, 3, Infinity]],
  [finite({ least: 0 }), "a number of at least 0", [0, 0.5, 1, 2, 3]],
  [finite({ above: 0 }), "a number above 0", [0.5, 1, 2, 3]],
  [finite({ most: 1 }), "a number of at most 1", [-1, 0, 0.5, 1]],
  [finite({ below: 1 }), "a number below 1", [-1, 0, 0.5]],
  [finite({ least: 0, most: 2 }), "a number from 0 to 2", [0, 0.5, 1, 2]],
  [finite({ least: 0, below: 2 }), "a number of at least 0 and below 2", [0, 0.5, 1]],
  [finite({ above: 0, most: 2 }), "a number above 0 and of at most 2", [0.5, 1, 2]],
  [finite({ above: 0, below: 2 }), "a number above 0 and below 2", [0.5, 1]],
  [positive(), "a number above 0", [0.5, 1, 2, 3]],
  [positive({ infinite: true }), "a number above 0", [0.5, 1, 2, 3, Infinity]],
  [positive({ most: 2 }), "a number above 0 and of at most 2", [0.5, 1, 2]],
  [share(), "a number from 0 to 1", [0, 0.5, 1]],
  [share({ below: 1 }), "a number of at least 0 and below 1", [0, 0.5]],
  [share({ least: 0.5 }), "a number from 0.5 to 1", [0.5, 1]],
  [whole(), "a whole number", [-1, 0, 1, 2, 3]],
  [whole({ least: 1, most: 2 }), "a whole number from 1 to 2", [1, 2]],
  [count(), "a whole number of at least 1", [1, 2, 3]],
  [count({ least: 0 }), "a whole number of at least 0", [0, 1, 2, 3]],
  [count({ most: 2 }), "a whole number from 1 to 2", [1, 2]],
];

Deno.test("each kind of number takes the values within its bounds, and says which these are", () => {
  for (const [option, expected, accepted] of cases) {
    assertEquals(option.expected, expected);
    assertEquals(values.filter(option.accepts), accepted, expected);
    assertEquals(["1", null, undefined, [1]].some(option.accepts), false);
  }
});

Deno.test("numbers out of bounds are of the right kind, and other values are not", () => {
  const of = { path: "", expected: "a whole number of at least 1" };
  assertEquals(count().refuse(0), { ...of, problem: "bounds", got: "0" });
  assertEquals(count().refuse(1.5), { ...of, problem: "bounds", got: "1.5" });
  assertEquals(count().refuse("1"), { ...of, problem: "kind", got: '"1"' });
  assertEquals([count().resembles(NaN), count().resembles("1")], [true, false]);
});

Deno.test("a whole number that stands for several is refused with the largest that does not", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const accepts = (option: AnyOption) => [most, -most, most + 1, -most - 1].map(option.accepts);
  assertEquals(accepts(whole()), [true, true, false, false]);
  assertEquals(accepts(finite()), [true, true, true, true]);
  assertEquals(whole().refuse(2 ** 53).expected, `a whole number, at most ${most} in size`);
  assertEquals(whole().refuse(0.5).expected, "a whole number");
  assertEquals(whole({ most: 5 }).refuse(6).expected, "a whole number of at most 5");
  assertEquals(finite({ most: 5 }).refuse(2 ** 53).expected, "a number of at most 5");
});

Deno.test("text stands for a number, and a blank one for none", () => {
  assertEquals(["1", " -2.5 ", "1e3", "", "  "].map(finite().parse), [1, -2.5, 1000, undefined, undefined]);
  assertEquals(finite().accepts(finite().parse("one")), false);
});

Deno.test("defaults and help texts are those of the specification", () => {
  const spec: NumberSpec = { default: 2, help: "how many", otherwise: "those of x", required: true };
  for (const option of [count(spec), whole(spec), finite(spec), positive(spec), share(spec)]) {
    assertEquals([option.default, option.help, option.otherwise, option.required], [2, "how many", "those of x", true]);
  }
  const { default: value, help, otherwise, required } = count();
  assertEquals([value, help, otherwise, required], [undefined, "", undefined, false]);
});
