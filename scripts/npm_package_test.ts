import { assertEquals } from "@std/assert";
import { withPureConstants } from "./npm_package.ts";

/** Constants as esbuild writes them, and what becomes of them. */
const constants: readonly (readonly [before: string, after: string])[] = [
  ["const a = 1;", "const a = 1;"],
  ["const a = f(g(1), ...b);", "const a = /* @__PURE__ */ (() => f(g(1), ...b))();"],
  ["export const a = { b: c.d };", "export const a = /* @__PURE__ */ (() => ({ b: c.d }))();"],
  ["const a = new Map([\n  [f(), 1]\n]);", "const a = /* @__PURE__ */ (() => new Map([\n  [f(), 1]\n]))();"],
  ["const a = (x) => f(x);", "const a = (x) => f(x);"],
  ["const a = async (x) => {\n  f(x);\n};", "const a = async (x) => {\n  f(x);\n};"],
  ["const a = f((x) => {\n  g(x);\n});", "const a = /* @__PURE__ */ (() => f((x) => {\n  g(x);\n}))();"],
  ["const a = f(`x;\ny;\n`);", "const a = /* @__PURE__ */ (() => f(`x;\ny;\n`))();"],
  ['const a = { b: "1;" };', 'const a = { b: "1;" };'],
];

Deno.test("bundlers may leave out computed constants with all that their values need, and nothing else changes", () => {
  for (const [before, after] of constants) {
    for (const rest of ["\n", "\nfunction h() {\n  const a = f(g(1));\n}\n", "\nexport {\n  a\n};\n"]) {
      assertEquals(withPureConstants(before + rest), after + rest);
    }
  }
  const [first, second] = [constants[1], constants[2]];
  assertEquals(withPureConstants(`${first[0]}\n${second[0]}\n`), `${first[1]}\n${second[1]}\n`);
});
