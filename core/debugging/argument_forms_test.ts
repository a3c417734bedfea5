import { assertEquals } from "@std/assert";
import { ones } from "../creation.ts";
import { showType } from "../graph/node.ts";
import { flattenTree } from "../tree.ts";
import { differences, readForm } from "./argument_forms.ts";

/** The form of arguments, from the text by which a compiled function finds its version. */
const formOf = (...given: unknown[]) => {
  const { structure, leaves } = flattenTree(given);
  return readForm(`${structure} ${leaves.map(showType).join()}`);
};

const partsOf = (...given: unknown[]): Record<string, string> => Object.fromEntries(formOf(...given));

Deno.test("each part has its path, the type of its tensor or its constant", () => {
  assertEquals(partsOf(), {});
  assertEquals(partsOf([], {}), {});
  assertEquals(partsOf(ones([2, 3])), { "0": "f32[2, 3]" });
  assertEquals(partsOf(ones([]), ones([2, 3, 4]), 5), { "0": "f32[]", "1": "f32[2, 3, 4]", "2": "5" });
  assertEquals(partsOf({ W: ones([2, 3]), b: [ones([3]), -0, { deep: [true] }] }, null, undefined), {
    ...{ "0.W": "f32[2, 3]", "0.b[0]": "f32[3]", "0.b[1]": "-0", "0.b[2].deep[0]": "true" },
    ...{ "1": "null", "2": "undefined" },
  });
});

Deno.test("texts and names keep quotes, brackets, semicolons and backslashes", () => {
  for (const text of ["", "a]b;c", 'say "so"', "a\\", 'a\\"];', "{x}:*"]) {
    assertEquals(partsOf(text, ones([1]), text), {
      ...{ "0": JSON.stringify(text), "1": "f32[1]", "2": JSON.stringify(text) },
    });
    assertEquals(partsOf({ [text]: ones([1]), other: 2 }), { [`0.${text}`]: "f32[1]", "0.other": "2" });
  }
});

Deno.test("forms differ in parts that have another type, and in those that only one has", () => {
  const before = formOf({ W: ones([2]), b: ones([3]), gone: 1 }, 7);
  assertEquals(differences(before, before), []);
  const now = formOf({ W: ones([2]), b: ones([4]), added: ones([1]) }, 8);
  assertEquals(differences(before, now), [
    { path: "0.b", before: "f32[3]", now: "f32[4]" },
    { path: "0.added", before: "absent", now: "f32[1]" },
    { path: "1", before: "7", now: "8" },
    { path: "0.gone", before: "1", now: "absent" },
  ]);
});
