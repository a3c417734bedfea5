import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../in_folder.ts";
import { drawMutants, type Mutant, mutantsOf, nameOf } from "./draw.ts";
import { isMutated } from "./exclusions.ts";
import { kinds, mutate, mutationsOf } from "./mutations.ts";
import { runTests } from "./run_tests.ts";
import { reportOf } from "./suite.ts";
import { parseModule } from "./syntax.ts";
import { isTest, type MeasuredTest } from "./test_map.ts";
import { testsFor, tryMutant } from "./trial.ts";
import { digestOfTree, KeptVerdicts } from "./verdicts.ts";

const SOURCE = `import { total } from "./total.ts";
type Level = 3 | 4;
/** Adds 7 to each. */
export function largest(values: readonly number[], floor: Level | undefined): number {
  if (values.length < 1) throw new RangeError(\`Cannot take the largest of \${values.length + 2} values\`);
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = Math.max(values[i] - 5, floor ?? 0);
    if (value > most || false) most = value;
    if (most < value) most = value;
    if (!(most >= value)) most = value;
  }
  console.info(most);
  return most as number;
}
`;

const TEST = `import { largest } from "./largest.ts";
Deno.test("the largest", () => {
  if (largest([6, 9, 7], undefined) !== 4) throw new Error("wrong");
});
`;

const FILE = "core/largest.ts";
const mutants = mutantsOf(FILE, SOURCE, mutationsOf(SOURCE, FILE));

const mutantNamed = (name: string): Mutant => {
  const found = mutants.find((mutant) => nameOf(mutant) === name);
  assert(found, `no mutant ${name} among ${mutants.map(nameOf).join("\n")}`);
  return found;
};

Deno.test("every kind of mutation is made, and leaves a valid module that differs", () => {
  assertEquals(kinds.filter((kind) => !mutants.some((mutant) => mutant.kind === kind)), []);
  for (const mutant of mutants) {
    const text = mutate(SOURCE, mutant);
    assert(text !== SOURCE, nameOf(mutant));
    parseModule(text);
  }
});

Deno.test("mutations are those that their kinds say", () => {
  const expected = [
    ["comparison", "value > most → (value >= most)"],
    ["off by one", "5 → 6"],
    ["off by one", "values.length → (values.length - 1)"],
    ["changed constant", "false → true"],
    ["inverted condition", "i < values.length → !(i < values.length)"],
    ["changed operator", "values[i] - 5 → (values[i] + 5)"],
    ["changed operator", "Math.max → Math.min"],
    ["swapped operands", "values[i] - 5 → ((5) - (values[i]))"],
    ["dropped term", "values[i] - 5 → (values[i])"],
    ["dropped term", "floor ?? 0 → (0)"],
    ["removed call", "console.info(most); → ;"],
    ["removed statement", "most = value; → ;"],
  ];
  for (const [kind, name] of expected) assertEquals(mutantNamed(name).kind, kind);
});

Deno.test("parentheses around operands stay", () => {
  const text = "export const f = (a: number, b?: number) => (b ?? 1) > 1 ? (a - 1) * ((a + 2)) : a / (3);";
  const names = mutantsOf(FILE, text, mutationsOf(text, FILE)).map(nameOf);
  for (const name of ["((b ?? 1) >= 1)", "((a - 1) / ((a + 2)))", "(a * (3))", "(a + 1)"]) {
    assert(names.some((one) => one.endsWith(` → ${name}`)), `${name} among ${names.join("\n")}`);
  }
});

Deno.test("types, imports, comments and the words of messages stay as they are", () => {
  for (const { start, end } of mutants) {
    for (const text of ["3 | 4", "total.ts", "Adds 7", "values.length + 2"]) {
      const at = SOURCE.indexOf(text);
      assert(end <= at || start >= at + text.length || (start < at && end > at + text.length), text);
    }
  }
  assertEquals(
    ["core/jit.ts", "core/mod.ts", "core/jit_test.ts", "core/wasm/testing.ts", "tests/lenet.ts"].map(isMutated),
    [
      true,
      false,
      false,
      false,
      false,
    ],
  );
});

Deno.test("numbers that are choices stay, and so do the comparisons with them", () => {
  const text = "const REDRAW = 100;\nexport const isLate = (time: number): boolean => time > REDRAW + 1;\n";
  const names = (file: string): string[] => mutantsOf(file, text, mutationsOf(text, file)).map(nameOf);
  assert(
    !names("cli/a.ts").includes("100 → 101") && !names("cli/a.ts").includes("time > REDRAW + 1 → (time >= REDRAW + 1)"),
  );
  assert(names("cli/a.ts").includes("REDRAW + 1 → (REDRAW - 1)"));
  assert(names("optim/a.ts").includes("100 → 101"));
});

Deno.test("equal values are not compared where either is kept", () => {
  assert(!mutants.some((mutant) => nameOf(mutant) === "most < value → (most <= value)"));
  assert(!mutants.some((mutant) => nameOf(mutant) === "most >= value → (most > value)"));
  const text =
    "export const f = (a: number, b: number) => { if (a !== b) return a < b ? 1 : 2; return a < b ? 1 : 2; };";
  assertEquals(mutationsOf(text, FILE).filter(({ kind }) => kind === "comparison").length, 1);
});

Deno.test("a side of an operator that is in parentheses stays whole", () => {
  const text = "export const f = (a: number | undefined, b: boolean) => (a ?? 0) > 1 || 2 < (b ? 3 : 4);";
  const names = mutantsOf(FILE, text, mutationsOf(text, FILE)).map(nameOf);
  assert(names.includes("(a ?? 0) > 1 → ((a ?? 0) >= 1)"), names.join("\n"));
  assert(names.includes("2 < (b ? 3 : 4) → (2 <= (b ? 3 : 4))"), names.join("\n"));
});

Deno.test("a seed always draws the same mutants, and each at most once", () => {
  const drawn = drawMutants(mutants, { seed: 5, count: 20 });
  assertEquals(drawn, drawMutants(mutants, { seed: 5, count: 20 }));
  assertEquals(new Set(drawn).size, 20);
  assert(drawMutants(mutants, { seed: 6, count: 20 }).some((mutant, i) => mutant !== drawn[i]));
  assertEquals(new Set(drawMutants(mutants, { seed: 5, count: 10_000 })), new Set(mutants));
});

Deno.test("all tests but those of scripts and of the proof's own parts can notice a mutant", () => {
  assertEquals(
    ["core/jit_test.ts", "tests/proof/oracle/suite_test.ts", "tests/proof/mutants/mutants_test.ts", "core/jit.ts"]
      .map(isTest),
    [true, true, false, false],
  );
});

function measured(path: string, lines: readonly number[], milliseconds: number): MeasuredTest {
  return { path, passes: true, milliseconds, lines: { [FILE]: lines } };
}

Deno.test("a mutant is tried by the test beside it, then by the fastest ones that run its line", () => {
  const tests = [
    measured("core/slow_test.ts", [5], 900),
    measured("core/other_test.ts", [6], 10),
    measured("core/fast_test.ts", [5, 6], 100),
    measured("core/largest_test.ts", [], 5000),
  ];
  const paths = (line: number): string[] => testsFor({ file: FILE, line, original: "" }, tests).map(({ path }) => path);
  assertEquals(paths(5), ["core/largest_test.ts", "core/fast_test.ts", "core/slow_test.ts"]);
  // No coverage at all, as of code that runs in another thread: any test of the file may notice.
  assertEquals(paths(9).length, 4);
});

Deno.test("a mutant of the compiler is tried early by the test of the generated code", () => {
  const [code, other] = ["tests/generated_code_test.ts", "core/other_test.ts"];
  const pathsFor = (file: string): string[] => {
    const lines = { [file]: [5] };
    const tests = [{ ...measured(other, [], 10), lines }, { ...measured(code, [], 80_000), lines }];
    return testsFor({ file, line: 5, original: "" }, tests).map(({ path }) => path);
  };
  assertEquals(pathsFor("core/wasm/schedule/split.ts"), [code, other]);
  assertEquals(pathsFor("core/wasm/run/split.ts"), [other, code]);
});

Deno.test("a wrong result is caught, and no change survives", () =>
  inFolder(async (copy) => {
    const path = join(copy, FILE);
    await Deno.mkdir(join(copy, "core"));
    await Deno.writeTextFile(path, SOURCE.replace(/import.*\n/, "\n"));
    await Deno.writeTextFile(join(copy, "core/largest_test.ts"), TEST);
    const original = await Deno.readTextFile(path);
    const place = { copy, tests: [measured("core/largest_test.ts", [5, 6, 7, 8, 9], 100)] };
    const own = mutantsOf(FILE, original, mutationsOf(original, FILE));
    const verdictOf = (name: string) => tryMutant(own.find((mutant) => nameOf(mutant) === name)!, place);
    assertEquals(await verdictOf("values[i] - 5 → (values[i])"), "failed");
    assertEquals(await tryMutant({ ...own[0], replacement: own[0].original }, place), "survived");
    assertEquals(
      await tryMutant({ ...own[0], replacement: '"wrong".missing()' }, { copy, tests: [] }),
      "refused by the compiler",
    );
    assertEquals(await Deno.readTextFile(path), original);
  }));

Deno.test("an endless loop is not waited for", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "endless_test.ts"), 'Deno.test("endless", () => { while (true); });');
    assertEquals(await runTests({ folder, tests: ["endless_test.ts"], limit: 1000 }), "hung");
  }));

Deno.test("the report counts what was caught and names what survived", () => {
  const trials = mutants.slice(0, 40).map((mutant) => ({ mutant, verdict: "failed" as const }));
  const good = reportOf(trials, { seed: 3, total: 100 });
  assertEquals(good.faults, []);
  assert(good.section.includes("caught 40 (100.0 %)"));
  const worse = trials.map((trial, i) => i < 3 ? { ...trial, verdict: "survived" as const } : trial);
  const bad = reportOf(worse, { seed: 3, total: 100 });
  assertEquals(bad.faults.length, 4);
  assert(bad.section.includes(`| ${FILE} |`), bad.section);
});

Deno.test("survivors that change nothing are named with their reasons, and do not count", () => {
  const trials = mutants.slice(0, 18).map((mutant) => ({ mutant, verdict: "failed" as const }));
  const known: Mutant = {
    ...mutants[0],
    file: "views/scale.ts",
    context: "return power < 0 ? digit / 10 ** -power : digit * 10 ** power;",
    original: "power < 0",
    replacement: "(power <= 0)",
  };
  const survived = [known, mutants[20]].map((mutant) => ({ mutant, verdict: "survived" as const }));
  const { faults, section } = reportOf([...trials, ...survived], { seed: 3, total: 100 });
  assertEquals(faults.length, 2);
  assertStringIncludes(faults[0], "18 of 19");
  assertStringIncludes(section, "caught 18 (90.0 %). Of the others, 1 change nothing");
  assertStringIncludes(section, "both are the digit for the power 0");
});

Deno.test("verdicts are kept for the tree that they were found in", () =>
  inFolder(async (folder) => {
    const verdicts = await KeptVerdicts.open("a", folder);
    assertEquals(verdicts.of(mutants[0]), undefined);
    verdicts.keep(mutants[0], "failed");
    verdicts.keep(mutants[1], "survived");
    const again = await KeptVerdicts.open("a", folder);
    assertEquals([0, 1, 2].map((i) => again.of(mutants[i])), ["failed", "survived", undefined]);
    assertEquals((await KeptVerdicts.open("b", folder)).of(mutants[0]), undefined);
    assertEquals(await digestOfTree(), await digestOfTree());
  }));
