import { assertEquals } from "@std/assert";
import { dependenciesIn, linesOf, readLock, tableOf, tablePath } from "./licenses.ts";

/** Licenses that permit any use if their text and notice stay. */
const permissive = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Unlicense", "0BSD"]);

Deno.test("the table of licenses has each dependency of deno.lock with its version and integrity, and no other", () => {
  const lines = linesOf(Deno.readTextFileSync(tablePath));
  assertEquals(lines.map(({ license: _, ...one }) => one), dependenciesIn(readLock()));
});

Deno.test("all dependencies have permissive licenses", () => {
  const others = linesOf(Deno.readTextFileSync(tablePath)).filter(({ license }) => !permissive.has(license));
  assertEquals(others, []);
});

Deno.test("a table is read as it was written, with scopes and peers in the names of packages", () => {
  const dependencies = dependenciesIn({
    specifiers: { "npm:@a/b@1.0.0": "1.0.0" },
    npm: {
      "@a/b@1.0.0": { integrity: "sha512-x==", dependencies: ["c@2.0.0_d@3.0.0"] },
      "c@2.0.0_d@3.0.0": { integrity: "sha512-y+/==" },
    },
  });
  assertEquals(dependencies.map(({ name, version, neededBy }) => [name, version, neededBy]), [
    ["@a/b", "1.0.0", "this package"],
    ["c", "2.0.0", "@a/b"],
  ]);
  const lines = dependencies.map((one) => ({ ...one, license: "MIT" }));
  assertEquals(linesOf(tableOf(lines)), lines);
});
