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
  // Data files are read in Deno only; models and parameters in Node, too.
  const [mnist, csv, read, write] = node.refusals;
  for (const message of [mnist, csv]) assertStringIncludes(message, "only Deno can read and write files here");
  assertStringIncludes(read, "Cannot read nowhere.ym: there is no such file; check the path");
  assertStringIncludes(
    write,
    "Cannot write nowhere/numbers: there is no such file or folder; create the folder nowhere",
  );
});

Deno.test({ ignore, name: "models and parameters are saved and loaded in Node" }, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await bundle("tests/host_files_program.ts", `${folder}/program.mjs`);
    const outputs = JSON.parse(await run("node", `${folder}/program.mjs`, folder));
    assertEquals(outputs.length, 4);
    for (const output of outputs) assertEquals(output, outputs[0]);
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assertEquals(names.sort(), ["program.mjs", "softmax.yp", "ä model.ym"], "no temporary files are left");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
