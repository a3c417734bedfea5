/**
 * The package for npm: bundlers take only what a program uses, and programs run in Node without being bundled.
 *
 * These tests are skipped, with a message, if esbuild cannot be had from npm. `deno task hosts` tries more hosts.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { esbuild } from "../scripts/bundle.ts";
import { libraryVersions, npmPackage, withLibraries } from "../scripts/npm_package.ts";

/** Sizes may differ from those of the page by this share before the page must be changed. */
const TOLERANCE = 0.1;

async function run(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const options = { args: [...args], env: { NO_COLOR: "1" }, ...cwd !== undefined && { cwd } };
  const { success, stdout, stderr } = await new Deno.Command(command, options).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Why a command cannot run here; undefined if it can. */
async function obstacle(command: string, ...args: string[]): Promise<string | undefined> {
  try {
    await run(command, args);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0] : String(error);
  }
}

const noEsbuild = await obstacle(Deno.execPath(), ...esbuild, "--version");
if (noEsbuild !== undefined) console.warn(`The tests of the npm package are skipped: no esbuild: ${noEsbuild}`);
// If Node is missing, Deno may run itself instead; it has no such condition.
const noNode = await obstacle("node", "-e", "if (globalThis.Deno) process.exit(1)");
if (noNode !== undefined) console.warn(`The test of the npm package in Node is skipped: no Node: ${noNode}`);

/** A folder with the package, as `npm install` leaves it. */
async function installed(): Promise<string> {
  const folder = await Deno.makeTempDir();
  await npmPackage(join(folder, "node_modules/@yadll/yadll"), { types: false });
  await Deno.writeTextFile(join(folder, "package.json"), '{ "type": "module" }');
  return folder;
}

/** Bundles a program for browsers into one minified file, without the drawing libraries. */
async function bundled(folder: string, program: string): Promise<Uint8Array<ArrayBuffer>> {
  await Deno.writeTextFile(join(folder, "program.ts"), program);
  const libraries = Object.keys(libraryVersions).map((name) => `--external:${name}`);
  const output = join(folder, "bundle.js");
  const options = ["--bundle", "--minify", "--format=esm", "--platform=browser", "--target=es2022", ...libraries];
  await run(Deno.execPath(), [...esbuild, join(folder, "program.ts"), ...options, `--outfile=${output}`], folder);
  return await Deno.readFile(output);
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

/** The rows of the page's table of sizes: a program, its kilobytes, and those of its compressed form. */
async function documentedSizes(): Promise<{ program: string; minified: number; compressed: number }[]> {
  const page = await Deno.readTextFile(new URL("../docs/hosts.md", import.meta.url));
  return [...page.matchAll(/^\| `(import .*?)` +\| ([\d.]+) KB +\| ([\d.]+) KB +\|$/gm)]
    .map(([, program, minified, compressed]) => ({
      ...{ program, minified: Number(minified), compressed: Number(compressed) },
    }));
}

/** A program that uses what it imports. */
function using(imports: string): string {
  const names = /\{ (.*) \}/.exec(imports)?.[1] ?? /as (\w+)/.exec(imports)?.[1];
  return `${imports};\nglobalThis.kept = [${names}];\n`;
}

/** What differs from the page by more than the tolerance, in the words of its table. */
async function wrongSizes(folder: string): Promise<string[]> {
  const rows = await documentedSizes();
  assert(rows.length >= 4, "the page has a table of sizes");
  const wrong: string[] = [];
  for (const { program, minified, compressed } of rows) {
    const bytes = await bundled(folder, using(program));
    const sizes = [bytes.length / 1000, await gzipped(bytes) / 1000];
    const isNear = [minified, compressed].every((size, i) => Math.abs(size - sizes[i]) <= TOLERANCE * size);
    if (!isNear) wrong.push(`| \`${program}\` | ${sizes.map((size) => `${size.toPrecision(3)} KB`).join(" | ")} |`);
  }
  return wrong;
}

/** Runs a program that computes and draws, as it is and bundled. */
async function checkNode(folder: string): Promise<void> {
  const program = `
    import { jit, tensor } from "@yadll/yadll";
    import { learningCurves } from "@yadll/yadll/views";
    const twice = jit((x) => x.add(x));
    console.log([...await twice(tensor([1, 2])).data()].join());
    await learningCurves({ history: [], errorUnit: "%" }).catch((error) => console.log(error.message));
  `;
  await Deno.writeTextFile(join(folder, "program.js"), program);
  await bundled(folder, program);
  for (const file of ["program.js", "bundle.js"]) {
    const [sums, message] = (await run("node", [file], folder)).split("\n");
    assertEquals(sums, "2,4");
    assertStringIncludes(message, "Cannot draw: expected ");
    assertMatch(message, /; install it with npm install (?:linkedom@0|@observablehq\/plot@0)/);
    assert(!message.includes("npm:"), message);
  }
}

async function checkContents(root: string): Promise<void> {
  const { exports, version } = JSON.parse(await Deno.readTextFile(join(root, "package.json")));
  const own = JSON.parse(await Deno.readTextFile(fromFileUrl(new URL("../deno.json", import.meta.url))));
  assertEquals(version, own.version);
  assertEquals(Object.keys(exports), Object.keys(own.exports).filter((name) => name !== "./cli"));
  for (const one of Object.values<{ default: string }>(exports)) {
    assert((await Deno.stat(join(root, one.default))).isFile, one.default);
  }
  const names = await Array.fromAsync(Deno.readDir(join(root, "core")), ({ name }) => name);
  assertEquals(names.filter((name) => /_test\.|^test/.test(name)), []);
}

Deno.test({ ignore: noEsbuild !== undefined, name: "the package for npm" }, async (t) => {
  const folder = await installed();
  try {
    await t.step("has the entries of the package, and no tests", async () => {
      await checkContents(join(folder, "node_modules/@yadll/yadll"));
    });
    await t.step("is bundled for browsers without machine code, which only Deno can call", async () => {
      const bundle = await bundled(
        folder,
        'import { deviceInfo } from "@yadll/yadll"; console.log(deviceInfo().name);',
      );
      const text = new TextDecoder().decode(bundle);
      assert(text.includes("only Deno can call machine code"));
      assert(!text.includes("vzeroupper"));
    });
    await t.step("is bundled for browsers, in the sizes of the page", async () => {
      assertEquals(await wrongSizes(folder), []);
    });
    await t.step({
      ignore: noNode !== undefined,
      name: "computes in Node, as it is and bundled, and says how to install libraries that draw",
      fn: () => checkNode(folder),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("declarations of the npm package name the library of what few programs configure", () => {
  assertEquals(
    withLibraries("interface A extends Disposable {}\n").split("\n")[0],
    '/// <reference lib="esnext.disposable" />',
  );
  assertEquals(
    withLibraries("  [Symbol.dispose](): void;\n").split("\n")[0],
    '/// <reference lib="esnext.disposable" />',
  );
  assertEquals(withLibraries("interface A {}\n"), "interface A {}\n");
});
