import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import plugin from "./lint_rules.ts";

/** The messages of the rules about a source text, in a file with this path from the root. */
function messagesOf(source: string, file = "core/x.ts"): string[] {
  const path = fromFileUrl(new URL(`../${file}`, import.meta.url));
  return Deno.lint.runPlugin(plugin, path, source).map(({ id, message }) => `${id}: ${message}`);
}

function functionOf(lines: number): string {
  return `export function f(): void {\n${"  g();\n".repeat(lines - 2)}}\n`;
}

const fourArguments = "project/few-arguments: 4 positional arguments: expected at most 3, then a record of options";

Deno.test("three positional arguments are allowed, four are not, in functions of every kind", () => {
  for (
    const [before, after] of [
      ["function f", "{}"],
      ["const f = ", "=> 0"],
      ["const f = function", "{}"],
      [
        "class C { m",
        "{} }",
      ],
      ["class C { constructor", "{} }"],
      ["class C { #m", "{} }"],
      ["const o = { m", "{} }"],
    ]
  ) {
    assertEquals(messagesOf(`${before}(a: A, b: B, c: C) ${after}`), []);
    assertEquals(messagesOf(`${before}(a: A, b: B, c: C, d: D) ${after}`), [fourArguments]);
  }
});

Deno.test("a record of options may be the fourth: destructured, or of a type that is named so", () => {
  for (
    const record of [
      "{ x, y }: Place",
      "{ x = 1 }: { readonly x?: number } = {}",
      "options?: ErrorOptions",
      "options: PlanOptions<A> = {}",
      "settings: Settings",
    ]
  ) {
    assertEquals(messagesOf(`function f(a: A, b: B, c: C, ${record}) {}`), [], record);
    assertEquals(messagesOf(`function f(a: A, b: B, c: C, d: D, ${record}) {}`).length, 1, record);
    assertEquals(messagesOf(`function f(${record}, b: B, c: C, d: D) {}`), [fourArguments], record);
  }
  for (const other of ["place: Place", "optional?: D", "options", "d: OptionsList", "d = {}", "...d: Options[]"]) {
    assertEquals(messagesOf(`function f(a: A, b: B, c: C, ${other}) {}`), [fourArguments], other);
  }
});

Deno.test("a function of 40 lines is allowed, one of 41 is not", () => {
  assertEquals(messagesOf(functionOf(40)), []);
  assertEquals(messagesOf(functionOf(41)), ["project/short-functions: a function of 41 lines: expected at most 40"]);
  assertEquals(messagesOf(`/**\n${" * A long comment.\n".repeat(40)} */\n${functionOf(40)}`), []);
});

Deno.test("tests, their helpers, and stand-ins are exempt, and benchmarks are not", () => {
  const source = functionOf(41);
  for (
    const file of ["core/x_test.ts", "views/testing.ts", "core/test_cases.ts", "tests/oracle.ts", "vendor/a/mod.ts"]
  ) {
    assertEquals(messagesOf(source, file), [], file);
  }
  for (
    const file of ["bench/steps.ts", "scripts/entries.ts", "examples/mnist.ts", "core/latest.ts", "core/tests/x.ts"]
  ) {
    assertEquals(messagesOf(source, file).length, 1, file);
  }
});
