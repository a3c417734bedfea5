/**
 * The package in Node: a program is bundled into one file and run there.
 *
 * These tests are skipped, with a message, without Node 20.16 or later, or if packages cannot be fetched from npm.
 *
 * @module
 */

import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { bundle, esbuild } from "../scripts/bundle.ts";

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env: { NO_COLOR: "1" } }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Why the tests cannot run here; undefined if they can. */
async function obstacle(): Promise<string | undefined> {
  try {
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(await run("node", "--version")) ?? [];
    // If Node is missing, Deno runs itself instead.
    if (major === undefined) return "there is no Node";
    if (Number(major) < 20 || (major === "20" && Number(minor) < 16)) return `Node ${major}.${minor} is too old`;
    await run(Deno.execPath(), ...esbuild, "--version");
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "there is no Node" : "esbuild cannot be had from npm";
  }
}

const reason = await obstacle();
if (reason !== undefined) console.warn(`The tests in Node are skipped: ${reason}`);

/** The output of a program in Deno, and, bundled into one file, in Node. */
async function inBoth(program: string): Promise<[deno: string, node: string]> {
  const folder = await Deno.makeTempDir();
  try {
    await bundle(program, `${folder}/program.mjs`);
    return [
      await run(Deno.execPath(), "run", "--no-prompt", program),
      await run("node", `${folder}/program.mjs`),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ignore = reason !== undefined;

Deno.test({ ignore, name: "a perceptron and a convolutional network learn in Node like in Deno" }, async () => {
  const [deno, node] = await inBoth("examples/node.ts");
  const errors = (output: string): number[] =>
    [...output.matchAll(/: test error ([\d.]+) %/g)].map(([, error]) => Number(error));
  assertEquals(errors(node).length, 2);
  errors(node).forEach((error, i) => assertAlmostEquals(error, errors(deno)[i], 2));
  assertStringIncludes(node, "WebAssembly SIMD");
});

Deno.test({ ignore, name: "functions, products and gradients have the same values in Node and in Deno" }, async () => {
  const [deno, node] = (await inBoth("tests/host_program.ts")).map((output) => JSON.parse(output));
  assertEquals(Object.keys(node.values), Object.keys(deno.values));
  for (const [name, values] of Object.entries<number[]>(node.values)) {
    values.forEach((value, i) => {
      const expected: number = deno.values[name][i];
      assertAlmostEquals(value, expected, 2e-6 * Math.max(1, Math.abs(expected)), name);
    });
  }
  assertEquals(node.digest, deno.digest);
  const [csv, read, write] = node.refusals;
  assertStringIncludes(csv, "Cannot read nowhere.csv: there is no such file; check the path");
  assertStringIncludes(read, "Cannot read nowhere.ym: there is no such file; check the path");
  assertStringIncludes(
    write,
    "Cannot write nowhere/numbers: there is no such file or folder; create the folder nowhere",
  );
});

/** The output of a program that gets the path of an empty folder, and its bundle runs in Node. */
async function onFiles(program: string): Promise<[deno: string, node: string]> {
  const folder = await Deno.makeTempDir({ prefix: "odd place äö 100% " });
  try {
    for (const host of ["deno", "node"]) await Deno.mkdir(`${folder}/${host}`);
    await bundle(program, `${folder}/program.mjs`);
    return [
      await run(Deno.execPath(), "run", "-A", program, `${folder}/deno`),
      await run("node", `${folder}/program.mjs`, `${folder}/node`),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Temporary files and leases are hidden. */
function isHidden(name: string): boolean {
  return name.startsWith(".");
}

/** A message without the words of the system, which hosts quote differently. */
function withoutReason(message: string): string {
  return message.replace(/^\w+: /, "").replace(/ \((?:[^()]|\([^)]*\))*\)/g, "").replace(
    /: ENOENT.*|: No such file.*/,
    "",
  );
}

Deno.test({ ignore, name: "every function that takes a path works in Node as in Deno" }, async () => {
  const [deno, node] = (await onFiles("tests/host_files_program.ts")).map((output) => JSON.parse(output));
  assertEquals(Object.keys(node), Object.keys(deno));
  const { output, trained, resumed, files, ...others } = node;
  for (const same of ["saved", "saved again", "byUrl", "parameters", "loadParams", "imported"]) {
    assertEquals(others[same], output, same);
  }
  assertEquals(resumed, trained);
  assertEquals(files.filter(isHidden), [], "no temporary files are left");
  // On Windows, leases stay in their folder, and Node has none.
  assertEquals(files, deno.files.filter((name: string) => !isHidden(name)));
  for (const [name, value] of Object.entries(others)) {
    if (typeof value === "string") assertEquals(withoutReason(value), withoutReason(deno[name]), name);
    else if (!Array.isArray(value) || !Array.isArray(value[0])) assertEquals(value, deno[name], name);
  }
});
