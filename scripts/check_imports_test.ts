import { assertEquals } from "@std/assert";
import { cyclesOf, faultsOf, type Import, importsOf, type Source } from "./check_imports.ts";

function source(path: string, ...imports: Import[]): Source {
  return { path, lines: 10, imports };
}

function value(target: string): Import {
  return { target, binding: true, typeOnly: false };
}

function type(target: string): Import {
  return { target, binding: false, typeOnly: true };
}

Deno.test("importsOf tells values, types and dynamic imports apart", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { B } from "./b.ts";',
    'import { type C, type D } from "../c.ts";',
    "import {",
    "  type E,",
    "  e,",
    '} from "./e.ts";',
    'export * from "./f.ts";',
    'export type { G } from "./g.ts";',
    'import "./h.ts";',
    'import * as path from "@std/path";',
    ' * import { example } from "./example.ts";',
    'const lazy = await import("./lazy.ts");',
    'export const text = "./text.ts";',
    "export interface Kind {",
    '  readonly kind: "kind";',
    "}",
    "",
  ].join("\n");
  assertEquals(importsOf("core/graph/x.ts", text), [
    value("core/graph/a.ts"),
    type("core/graph/b.ts"),
    type("core/c.ts"),
    value("core/graph/e.ts"),
    value("core/graph/f.ts"),
    type("core/graph/g.ts"),
    value("core/graph/h.ts"),
    value("@std/path"),
    { target: "core/graph/lazy.ts", binding: false, typeOnly: false },
  ]);
});

Deno.test("cyclesOf finds a cycle of values, and none through types", () => {
  const [a, b, c] = ["core/a.ts", "core/b.ts", "core/c.ts"];
  assertEquals(cyclesOf([source(a, value(b)), source(b, value(c)), source(c, value(a))]), [[a, b, c, a]]);
  assertEquals(cyclesOf([source(a, value(b)), source(b, type(a)), source(c, value(a), value(b))]), []);
  assertEquals(cyclesOf([source(a, value(a))]), [[a, a]]);
});

Deno.test("faultsOf refuses barrels in implementation files only", () => {
  assertEquals(faultsOf(source("layers/dense.ts", value("core/mod.ts"))).length, 1);
  assertEquals(faultsOf(source("layers/dense.ts", type("core/mod.ts"))).length, 1);
  assertEquals(faultsOf(source("layers/dense_test.ts", value("core/mod.ts"))), []);
  assertEquals(faultsOf(source("core/mod.ts", value("core/functions/mod.ts"))), []);
  assertEquals(faultsOf(source("examples/mnist.ts", value("mod.ts"))), []);
});

Deno.test("faultsOf keeps core to itself", () => {
  for (const one of [value("@std/path"), value("npm:fflate"), value("layers/dense.ts"), type("model/model.ts")]) {
    assertEquals(faultsOf(source("core/jit.ts", one)).length, 1);
  }
  assertEquals(faultsOf(source("core/jit.ts", value("core/tensor.ts"), value("node:os"))), []);
  assertEquals(faultsOf(source("core/wasm/testing.ts", value("@std/assert"))), []);
  assertEquals(faultsOf(source("core/jit_test.ts", value("@std/assert"))), []);
});

Deno.test("faultsOf lets folders take values from below only", () => {
  assertEquals(faultsOf(source("optim/adam.ts", value("model/model.ts"))).length, 1);
  assertEquals(faultsOf(source("optim/adam.ts", type("model/model.ts"))), []);
  assertEquals(faultsOf(source("model/training/train.ts", value("layers/dense.ts"), value("@std/path"))), []);
});

Deno.test("faultsOf refuses files that are too long", () => {
  assertEquals(faultsOf({ ...source("tests/all.ts"), lines: 401 }), [
    "tests/all.ts has 401 lines: expected at most 400; split it by its concepts",
  ]);
});
