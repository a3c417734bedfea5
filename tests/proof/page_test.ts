import { assertEquals } from "@std/assert";
import { type Result, sectionOf, sectionsIn, showSeconds, updatedPage } from "./page.ts";

function result(name: string, changed: Partial<Result["report"]> = {}): Result {
  return {
    suite: { name, description: "Compares results with those of a calculator." },
    report: { tried: "30 sums on wasm", faults: [], section: "| a | b |\n| - | - |\n| 1 | 2 |\n", ...changed },
    seed: 7,
    seconds: 12.4,
    date: "2026-11-30",
    machine: "2 cores of a processor",
  };
}

const names = ["sums", "products", "shapes"];

Deno.test("a section says what was tried, found, when and where", () => {
  assertEquals(
    sectionOf(result("sums")),
    `## sums

Compares results with those of a calculator.

- Tried: 30 sums on wasm, with seed 7, in 12 s
- Found: no faults
- 2026-11-30, 2 cores of a processor

| a | b |
| - | - |
| 1 | 2 |
`,
  );
});

Deno.test("faults are listed as code, each on one line", () => {
  const section = sectionOf(result("sums", { faults: ["1 + 1 = 3", "`x`:\n  seed 4"], section: "" }));
  assertEquals(
    section.slice(section.indexOf("- Found")),
    `- Found: **2 faults**
- 2026-11-30, 2 cores of a processor

- \`1 + 1 = 3\`
- \`\` \`x\`: seed 4 \`\`
`,
  );
  assertEquals(sectionOf(result("sums", { faults: ["x"] })).includes("**1 fault**"), true);
});

Deno.test("sections are in the order of the suites, whichever ran first", () => {
  const page = updatedPage("", [result("shapes"), result("sums")], names);
  assertEquals([...sectionsIn(page).keys()], ["sums", "shapes"]);
  assertEquals([...sectionsIn(updatedPage(page, [result("products")], names)).keys()], names);
  assertEquals(page.startsWith("# Accuracy and endurance\n\n"), true);
});

Deno.test("a run of some suites replaces their sections, and keeps all others with their own headings", () => {
  const others = result("shapes", { section: "### Hardware\n\ntext\n\n### Software\n\n    # code" });
  const before = updatedPage("", [result("sums"), others, result("gone")], names);
  const after = updatedPage(before, [result("sums", { tried: "50 sums on wasm" })], names);
  assertEquals(after, before.replace("30 sums", "50 sums"));
  assertEquals(updatedPage(after, [], names), after);
  assertEquals([...sectionsIn(after).keys()], ["sums", "shapes", "gone"]);
});

Deno.test("long times are in minutes", () => {
  assertEquals([0.4, 119, 120, 1801].map(showSeconds), ["0 s", "119 s", "2 min", "30 min"]);
});
