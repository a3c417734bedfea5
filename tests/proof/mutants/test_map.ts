/**
 * Which test files run which lines: found by running each test file once with coverage, and kept in a temporary folder
 * until the test changes or a file that it runs becomes longer or shorter.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { runTests } from "./run_tests.ts";
import { filesOfTree, root } from "./tree_copy.ts";

/** What one test file runs. */
export interface MeasuredTest {
  /** The path of the test file. */
  readonly path: string;
  /** False for a test that fails on this machine without any mutant. It can catch nothing. */
  readonly passes: boolean;
  /** How long the test file takes. */
  readonly milliseconds: number;
  /** The lines that it runs, by source file. Lines count from 1. */
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

interface KeptTest extends MeasuredTest {
  /** The contents that it was measured with, by path. */
  readonly contents: Readonly<Record<string, string>>;
}

/** Longer than any test file takes. */
const LIMIT = 240_000;

/** Tests that cannot notice a mutant: those of scripts, of this suite, and of the command that runs the suites. */
const UNCONCERNED = ["scripts/", "tests/proof/mutants/", "tests/proof/page_test.ts", "tests/proof/prove_test.ts"];

/** Whether a file holds tests that could notice a mutant. */
export function isTest(path: string): boolean {
  return path.endsWith("_test.ts") && !UNCONCERNED.some((start) => path.startsWith(start));
}

/** The folder for what is kept between runs, in the folder for temporary files. */
export function keptFolder(): string {
  const temporary = Deno.makeTempFileSync();
  Deno.removeSync(temporary);
  return join(dirname(temporary), "yadll_mutants");
}

/**
 * Measures all test files in copies of the tree, one after the other in each copy.
 *
 * @param copies The folders of the copies.
 */
export async function measureTests(copies: readonly string[], log: (line: string) => void): Promise<MeasuredTest[]> {
  const contents = new Contents();
  const paths = (await filesOfTree()).filter(isTest);
  const left = [...paths];
  const measured: MeasuredTest[] = [];
  await Promise.all(copies.map(async (copy) => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      const test = await keptTest(path, contents) ?? await measureTest(path, copy, contents);
      measured.push(test);
      if (!test.passes) log(`${path} fails without a mutant, so it is left out`);
      if (measured.length % 20 === 0) log(`${measured.length} of ${paths.length} test files measured`);
    }
  }));
  return measured.filter(({ passes }) => passes).sort((a, b) => a.milliseconds - b.milliseconds);
}

function keptPath(test: string): string {
  return join(keptFolder(), "measured", `${test.replaceAll("/", "!")}.json`);
}

async function keptTest(path: string, contents: Contents): Promise<KeptTest | undefined> {
  const text = await Deno.readTextFile(keptPath(path)).catch(() => undefined);
  if (text === undefined) return undefined;
  const kept: KeptTest = JSON.parse(text);
  const isSame = ([file, content]: readonly [string, string]): boolean => contents.of(file) === content;
  // Where a source file has as many lines as before, those that run are nearly the same.
  const isAlike = ([file, content]: readonly [string, string]): boolean =>
    file === path ? isSame([file, content]) : contents.of(file).split(":")[0] === content.split(":")[0];
  return Object.entries(kept.contents).every(kept.passes ? isAlike : isSame) ? kept : undefined;
}

async function measureTest(path: string, copy: string, contents: Contents): Promise<KeptTest> {
  const raw = await Deno.makeTempDir();
  const begin = performance.now();
  const more = [`--coverage=${raw}`, "--coverage-raw-data-only"];
  const outcome = await runTests({ folder: copy, tests: [path], limit: LIMIT, more });
  const milliseconds = Math.round(performance.now() - begin);
  // Coverage makes code slow, which tests that measure time may notice.
  const passes = outcome === "passed" || await runTests({ folder: copy, tests: [path], limit: LIMIT }) === "passed";
  const lines = await linesRun(raw, copy);
  await Deno.remove(raw, { recursive: true });
  const files = [path, ...Object.keys(lines)];
  const test: KeptTest = {
    path,
    passes,
    milliseconds,
    lines,
    contents: Object.fromEntries(files.map((file) => [file, contents.of(file)])),
  };
  await Deno.mkdir(dirname(keptPath(path)), { recursive: true });
  await Deno.writeTextFile(keptPath(path), JSON.stringify(test));
  return test;
}

/** The lines that ran, out of the raw data of coverage. */
async function linesRun(raw: string, copy: string): Promise<Record<string, number[]>> {
  const output = join(raw, "lines.lcov");
  const arguments_ = ["coverage", "--lcov", `--output=${output}`, raw];
  await new Deno.Command(Deno.execPath(), { args: arguments_, cwd: copy, stdout: "null", stderr: "null" }).output();
  const report = await Deno.readTextFile(output).catch(() => "");
  const lines: Record<string, number[]> = {};
  let file = "";
  for (const line of report.split("\n")) {
    if (line.startsWith("SF:")) file = line.slice(3).startsWith(`${copy}/`) ? line.slice(3 + copy.length + 1) : "";
    const [, position, hits] = /^DA:(\d+),(\d+)/.exec(line) ?? [];
    if (file !== "" && Number(hits) > 0) (lines[file] ??= []).push(Number(position));
  }
  return lines;
}

/** Descriptions of the contents of files: the number of lines, and a hash. */
class Contents {
  readonly #known = new Map<string, string>();

  of(path: string): string {
    const known = this.#known.get(path) ?? describe(join(root, path));
    this.#known.set(path, known);
    return known;
  }
}

function describe(path: string): string {
  try {
    let hash = 0;
    const text = Deno.readTextFileSync(path);
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    return `${text.split("\n").length}:${hash}`;
  } catch {
    return "missing";
  }
}
