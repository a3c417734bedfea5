/**
 * Runs the package on other hosts: `deno task hosts [FOLDER]`. It installs bundlers, several versions of Node, and Bun
 * from npm into the folder (default: a temporary one), and uses the browsers of this machine.
 *
 * Hosts that cannot be had are reported and left out; the exit code is 1 only if something computes wrongly.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { npmPackage } from "../npm_package.ts";
import { findBrowsers, reportOf, visits } from "./browsers.ts";
import { findCommand, run } from "./commands.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));

/** What is installed from npm. */
const tools: Readonly<Record<string, string>> = {
  "@rollup/plugin-node-resolve": "16",
  "bun": "1.3",
  "esbuild": "0.25.12",
  "node20": "npm:node@20",
  "node22": "npm:node@22",
  "node24": "npm:node@24",
  "rollup": "4",
  "typescript": "5.9.3",
  "vite": "7",
};

/** Test errors may differ by so many percent from those in Deno: engines round differently. */
const TOLERANCE = 1.5;

let failures = 0;

/** Runs a check and prints what came of it. */
async function check(title: string, action: () => Promise<string>): Promise<void> {
  try {
    console.log(`ok ${title}: ${await action()}`);
  } catch (error) {
    failures++;
    // Messages of hosts quote lines of bundles, which are very long.
    const lines = String(error instanceof Error ? error.message : error).split("\n").map((line) => line.slice(0, 200));
    console.log(`FAIL ${title}: ${lines.join("\n")}`);
  }
}

/** Installs the package and the tools. */
async function install(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await npmPackage(join(folder, "package"));
  const dependencies = { ...tools, "@yadll/yadll": "file:package" };
  await Deno.writeTextFile(
    join(folder, "package.json"),
    JSON.stringify({ type: "module", private: true, dependencies }),
  );
  await run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  // Packages of Node and of Bun fetch the binary of this machine with a script, which npm does not always run.
  for (const name of ["node20", "node22", "node24"]) {
    await run(["node", "installArchSpecificPackage.js"], { cwd: join(folder, "node_modules", name) });
  }
  await run(["node", "install.js"], { cwd: join(folder, "node_modules/bun") });
}

/** Turns TypeScript into JavaScript that imports the installed package, or bundles it. */
async function esbuild(folder: string, entry: string, ...options: readonly string[]): Promise<void> {
  const tool = join(folder, "node_modules/.bin/esbuild");
  await run([tool, entry, "--format=esm", "--target=es2022", "--log-level=error", ...options], { cwd: folder });
}

/** The test errors that `examples/node.ts` prints. */
function errorsIn(output: string): number[] {
  const errors = [...output.matchAll(/: test error ([\d.]+) %/g)].map(([, error]) => Number(error));
  if (errors.length !== 2) throw new Error(`expected two test errors, got ${output}`);
  return errors;
}

/** Compares the test errors of a host with those in Deno. */
function compare(errors: readonly number[], expected: readonly number[]): string {
  const text = `test errors ${errors.join(" % and ")} %`;
  if (errors.every((error, i) => Math.abs(error - expected[i]) <= TOLERANCE)) return text;
  throw new Error(`${text}, expected about ${expected.join(" % and ")} % as in Deno`);
}

/** The programs that run outside of browsers, by the files that bundlers make of them. */
async function bundleForNode(folder: string): Promise<void> {
  await esbuild(folder, join(root, "examples/node.ts"), "--outfile=learn.js");
  await esbuild(folder, "learn.js", "--bundle", "--minify", "--platform=node", "--outfile=out/esbuild.js");
  const bin = (name: string): string => join(folder, "node_modules/.bin", name);
  await run([bin("rollup"), "learn.js", "-d", "out/rollup", "-p", "@rollup/plugin-node-resolve", "--silent"], {
    cwd: folder,
  });
  const lib = { entry: "learn.js", formats: ["es"], fileName: "vite" };
  const config = { build: { lib, outDir: "out/vite", target: "es2022", minify: true }, logLevel: "error" };
  await Deno.writeTextFile(join(folder, "vite.config.js"), `export default ${JSON.stringify(config)};\n`);
  await run([bin("vite"), "build"], { cwd: folder });
}

/** The hosts, by their packages on npm. */
const runtimes: Readonly<
  Record<string, { readonly command: string; readonly env?: Readonly<Record<string, string>> }>
> = {
  node20: { command: "bin/node" },
  node22: { command: "bin/node" },
  node24: { command: "bin/node" },
  // The optimizing compiler of Bun 1.3 for WebAssembly makes wrong code of convolutional networks.
  bun: { command: "bin/bun.exe", env: { BUN_JSC_useOMGJIT: "0" } },
};

/** What the program of `tests/host_files_program.ts` prints that must be the same everywhere. */
const sameEverywhere = ["csv", "npy", "idx", "mnist", "rows", "pages", "events", "search", "files"] as const;

/** Compares what a host does with files with what Deno does. */
async function checkFiles(command: readonly string[], expected: Readonly<Record<string, unknown>>): Promise<string> {
  const place = await Deno.makeTempDir();
  try {
    const outcomes = JSON.parse(await run([...command, place]));
    for (const name of sameEverywhere) {
      const [got, wanted] = [outcomes, expected].map(({ [name]: one }) => JSON.stringify(one));
      if (got !== wanted) throw new Error(`expected ${name} to be ${wanted}, got ${got}`);
    }
    if (JSON.stringify(outcomes.resumed) !== JSON.stringify(outcomes.trained)) throw new Error("resuming changed it");
    return `${outcomes.files.length} files`;
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

/** What Deno does with files. */
async function filesInDeno(): Promise<Readonly<Record<string, unknown>>> {
  const place = await Deno.makeTempDir();
  try {
    return JSON.parse(await run([Deno.execPath(), "run", "-A", join(root, "tests/host_files_program.ts"), place]));
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

async function checkRuntimes(folder: string): Promise<void> {
  const files = await filesInDeno();
  await esbuild(folder, join(root, "tests/host_files_program.ts"), "--outfile=files_program.js");
  const expected = errorsIn(await run([Deno.execPath(), "run", "--no-prompt", join(root, "examples/node.ts")]));
  for (const [name, { command, env = {} }] of Object.entries(runtimes)) {
    const host = join(folder, "node_modules", name, command);
    const version = (await run([host, "--version"]).catch(() => "cannot be had")).trim();
    for (const program of ["learn.js", "out/esbuild.js", "out/rollup/learn.js", "out/vite/vite.js"]) {
      await check(`${name} ${version}, ${program}`, async () => {
        return compare(errorsIn(await run([host, program], { cwd: folder, env })), expected);
      });
    }
    await check(`${name} ${version}, files`, () => checkFiles([host, join(folder, "files_program.js")], files));
  }
}

/** A program in TypeScript that uses the package is checked with its declarations. */
async function checkTypes(folder: string): Promise<string> {
  await Deno.copyFile(join(root, "examples/node.ts"), join(folder, "typed.ts"));
  const compilerOptions = {
    ...{ noEmit: true, strict: true, target: "es2022", types: [] },
    ...{ module: "nodenext", lib: ["es2022", "dom"] },
  };
  await Deno.writeTextFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["typed.ts"] }),
  );
  await run([join(folder, "node_modules/.bin/tsc"), "--project", "tsconfig.json"], { cwd: folder });
  return "no errors";
}

/** Pictures are drawn by a bundle for browsers, which has the drawing libraries. */
async function checkDrawing(folder: string): Promise<string> {
  await Deno.copyFile(new URL("./drawing_program.js", import.meta.url), join(folder, "draw.js"));
  await esbuild(folder, "draw.js", "--bundle", "--minify", "--platform=browser", "--outfile=out/draw.js");
  const said = await run([join(folder, "node_modules/node24/bin/node"), "out/draw.js"], { cwd: folder });
  if (said.trim() !== "drawn") throw new Error(said);
  return "drawn";
}

async function checkBrowsers(folder: string): Promise<void> {
  const pages = join(folder, "pages");
  await Deno.copyFile(new URL("./browser_program.js", import.meta.url), join(folder, "program.js"));
  const bundling = ["--bundle", "--minify"];
  await esbuild(folder, "program.js", ...bundling, `--outfile=${join(pages, "one_file.js")}`);
  await esbuild(folder, "program.js", ...bundling, "--splitting", `--outdir=${join(pages, "split")}`);
  await Deno.copyFile(new URL("./files_program.js", import.meta.url), join(folder, "files.js"));
  await esbuild(folder, "files.js", ...bundling, `--outfile=${join(pages, "files.js")}`);
  const browsers = await findBrowsers();
  if (browsers.length === 0) console.log("No browser found: nothing was checked in one (apt install chromium)");
  for (const browser of browsers) {
    for (const visit of visits) {
      await check(`${browser.name}, ${visit.title}`, async () => {
        const report = await reportOf(browser, pages, visit);
        if (!visit.expected.test(report)) throw new Error(`expected ${visit.expected}, got ${report}`);
        return report;
      });
    }
  }
}

if (import.meta.main) {
  if (await findCommand(["npm"]) === undefined) {
    console.log("No npm found: nothing was checked on other hosts");
    Deno.exit(0);
  }
  const [given] = Deno.args;
  const folder = given === undefined ? await Deno.makeTempDir() : await Deno.realPath(given).catch(() => given);
  try {
    await install(folder);
    await check("types", () => checkTypes(folder));
    await bundleForNode(folder);
    await checkRuntimes(folder);
    await check("pictures, bundled for browsers", () => checkDrawing(folder));
    await checkBrowsers(folder);
  } finally {
    if (given === undefined) await Deno.remove(folder, { recursive: true });
  }
  if (failures > 0) Deno.exit(1);
}
