import { assertEquals } from "@std/assert";
import type { AnyOption } from "./option.ts";
import { openShape, pair, shape, sides } from "./shapes.ts";

// deno-lint-ignore no-sparse-arrays
const values = [[], [0], [1], [1, 2], [0, 1], [1, 2, 3], [null, 2], [1.5, 2], [1, -1], ["1", 2], [1, , 2], 3, null];

/** The values that an option takes, as text. */
const taken = (option: AnyOption): string => values.filter(option.accepts).map((one) => JSON.stringify(one)).join(" ");

Deno.test("each kind of shape takes lists of its length with extents of at least its least one", () => {
  const cases: readonly (readonly [AnyOption, string, string])[] = [
    [shape(), "a list of whole numbers of at least 1", "[] [1] [1,2] [1,2,3]"],
    [shape({ least: 0 }), "a list of whole numbers of at least 0", "[] [0] [1] [1,2] [0,1] [1,2,3]"],
    [shape({ least: 2 }), "a list of whole numbers of at least 2", "[]"],
    [shape({ rank: 0 }), "no whole numbers of at least 1", "[]"],
    [shape({ rank: 1 }), "one whole number of at least 1", "[1]"],
    [shape({ rank: 2 }), "two whole numbers of at least 1", "[1,2]"],
    [shape({ rank: 3 }), "three whole numbers of at least 1", "[1,2,3]"],
    [shape({ rank: 4 }), "four whole numbers of at least 1", ""],
    [shape({ rank: 5 }), "five whole numbers of at least 1", ""],
    [shape({ rank: 6 }), "6 whole numbers of at least 1", ""],
    [openShape(), "a list of whole numbers of at least 1, or null for any", "[] [1] [1,2] [1,2,3] [null,2]"],
    [openShape({ rank: 2 }), "two whole numbers of at least 1, or null for any", "[1,2] [null,2]"],
    [pair(), "two whole numbers of at least 1", "[1,2]"],
    [pair({ least: 0 }), "two whole numbers of at least 0", "[1,2] [0,1]"],
  ];
  for (const [option, expected, accepted] of cases) {
    assertEquals([option.expected, taken(option)], [expected, accepted]);
  }
});

Deno.test("a shape with wrong extents is out of bounds, and anything else of another kind", () => {
  const problems = (option: AnyOption, given: readonly unknown[]) => given.map((one) => option.refuse(one).problem);
  assertEquals(problems(shape(), [[0], [1.5], ["1"], [null], 3]), ["bounds", "bounds", "kind", "kind", "kind"]);
  assertEquals(problems(pair(), [[0, 1], [1], [1, 2, 3]]), ["bounds", "kind", "kind"]);
  assertEquals(problems(openShape(), [[null, 0], [undefined, 1]]), ["bounds", "kind"]);
});

Deno.test("text stands for a list of extents, with or without brackets", () => {
  assertEquals(["28,28", "[28, 28]", "7", "1,,2", "[null,3]"].map(openShape().parse), [
    ...[[28, 28], [28, 28], [7], [1, undefined, 2], [null, 3]],
  ]);
});

Deno.test("sides are a pair of whole numbers for each axis", () => {
  assertEquals(sides().expected, "a pair of whole numbers for each axis");
  assertEquals(sides({ least: 0 }).expected, "a pair of whole numbers of at least 0 for each axis");
  const given = [[], [[0, 1]], [[0, 1], [-1, 2]], [[0]], [[0, 1, 2]], [[0.5, 1]], [["0", 1]], [0, 1], 1];
  const indices = (option: AnyOption) => given.flatMap((one, i) => option.accepts(one) ? [i] : []);
  assertEquals([indices(sides()), indices(sides({ least: 0 })), indices(sides({ least: 1 }))], [[0, 1, 2], [0, 1], [
    0,
  ]]);
  assertEquals(given.map((one) => sides().refuse(one).problem).slice(-3), ["bounds", "bounds", "kind"]);
});
