import { assertEquals } from "@std/assert";
import { cyclesOf, faultsOf, type Import, importsOf, type Source, stages } from "./check_imports.ts";

function source(path: string, ...imports: Import[]): Source {
  return { path, lines: 10, imports };
}

function value(target: string): Import {
  return { target, binding: true, typeOnly: false };
}

function type(target: string): Import {
  return { target, binding: false, typeOnly: true };
}

Deno.test("importsOf distinguishes values, types and dynamic imports", () => {
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

/** Returns what is wrong with a file that has these imports. */
function faults(path: string, ...imports: Import[]): string[] {
  return faultsOf(source(path, ...imports));
}

Deno.test("faultsOf refuses a mod.ts in implementation files only", () => {
  assertEquals(faults("layers/dense.ts", value("core/mod.ts")), [
    "layers/dense.ts imports core/mod.ts: import the file that defines what it needs",
  ]);
  assertEquals(faults("layers/dense.ts", type("core/mod.ts")).length, 1);
  assertEquals(faults("cli/errors.ts", value("model/mod.ts")).length, 1);
  assertEquals(faults("cli/errors.ts", value("mod.ts")).length, 1);
  assertEquals(faults("layers/dense_test.ts", value("core/mod.ts")), []);
  assertEquals(faults("core/mod.ts", value("core/functions/mod.ts")), []);
  assertEquals(faults("examples/mnist.ts", value("mod.ts"), value("cli/mod.ts")), []);
});

Deno.test("faultsOf keeps core independent", () => {
  for (const one of [value("@std/path"), value("npm:fflate"), value("layers/dense.ts"), type("model/model.ts")]) {
    assertEquals(faults("core/jit.ts", one).length, 1);
  }
  assertEquals(faults("core/jit.ts", value("core/tensor.ts"), value("node:os")), []);
  assertEquals(faults("core/wasm/testing.ts", value("@std/assert")), []);
  assertEquals(faults("core/jit_test.ts", value("@std/assert")), []);
});

Deno.test("faultsOf lets each folder import values only from those before it", () => {
  const folders = ["core", "optim", "layers", "data", "model", "views", "cli"];
  folders.forEach((folder, i) => {
    const own = `${folder}/own.ts`;
    for (const before of folders.slice(0, i)) assertEquals(faults(own, value(`${before}/a.ts`)), []);
    for (const after of folders.slice(i + 1)) assertEquals(faults(own, value(`${after}/a.ts`)).length, 1);
  });
  assertEquals(faults("optim/adam.ts", value("layers/dense.ts")), [
    "optim/adam.ts imports layers/dense.ts: optim/ may import values only from core/",
  ]);
  assertEquals(faults("optim/adam.ts", type("model/model.ts")), []);
  assertEquals(faults("model/model.ts", { target: "views/a.ts", binding: false, typeOnly: false }).length, 1);
  assertEquals(faults("model/training/train.ts", value("@std/path"), value("npm:linkedom")), []);
});

Deno.test("faultsOf lets the package import nothing from examples, tests and the like, but examples anything", () => {
  for (const folder of ["examples", "tests", "scripts", "bench", "docs"]) {
    assertEquals(faults("cli/main.ts", value(`${folder}/a.ts`)), [
      `cli/main.ts imports ${folder}/a.ts: ${folder}/ is not part of the package`,
    ]);
  }
  assertEquals(faults("cli/networks.ts", value("examples/networks.ts")), []);
  assertEquals(faults("cli/networks.ts", value("examples/mnist.ts")).length, 1);
  assertEquals(faults("examples/a.ts", value("cli/errors.ts"), value("core/tensor.ts"), value("examples/b.ts")), []);
});

Deno.test("faultsOf lets the folders of core import only from those before them, types included", () => {
  const reaches: Readonly<Record<string, readonly string[]>> = {
    scalar: [],
    nest: ["scalar"],
    graph: ["scalar", "nest"],
    fuse: ["scalar", "nest", "graph"],
    plan: ["scalar", "nest", "graph", "fuse"],
    native: [],
    wasm: ["scalar", "nest", "native"],
    webgpu: ["scalar", "nest"],
  };
  for (const [stage, reach] of Object.entries(reaches)) {
    for (const other of Object.keys(reaches).filter((other) => other !== stage)) {
      for (const one of [value(`core/${other}/b.ts`), type(`core/${other}/c/b.ts`)]) {
        assertEquals(faults(`core/${stage}/a.ts`, one).length, reach.includes(other) ? 0 : 1, `${stage} to ${other}`);
      }
    }
    assertEquals(faults(`core/${stage}/a/b.ts`, value(`core/${stage}/c.ts`), value("core/dtype.ts")), []);
    assertEquals(faults(`core/${stage}/a.ts`, value("core/device.ts")).length, stage === "graph" ? 0 : 1);
    assertEquals(faults("core/jit.ts", value(`core/${stage}/a.ts`)), []);
  }
  assertEquals(faults("core/nest/a.ts", type("core/graph/node.ts")), [
    "core/nest/a.ts imports core/graph/node.ts: of the folders of core/, core/nest/ may import from core/scalar/",
  ]);
  assertEquals(faults("core/webgpu/a.ts", value("core/backend.ts"), value("core/shape.ts")), []);
  assertEquals(faults("core/wasm/default_device.ts", value("core/device.ts"), value("core/wasm/backend.ts")), []);
  assertEquals(faults("core/newer/a.ts", value("core/dtype.ts")).length, 1);
});

Deno.test("faultsOf refuses files that are too long", () => {
  assertEquals(faultsOf({ ...source("tests/all.ts"), lines: 401 }), [
    "tests/all.ts has 401 lines: expected at most 400; split it by its concepts",
  ]);
});

Deno.test("ARCHITECTURE.md lists the folders of core and what they may import", async () => {
  const page = await Deno.readTextFile(new URL("../ARCHITECTURE.md", import.meta.url));
  for (const [stage, { folders }] of Object.entries(stages)) {
    const [, row] = new RegExp(`^\\| \`${stage}/\` +\\| ([^|]*)\\|`, "m").exec(page) ?? [];
    const named = [...row?.matchAll(/`(\w+)`/g) ?? []].map(([, folder]) => folder);
    assertEquals(named, folders, stage);
  }
});
