/**
 * Makes the package for Node and for bundlers, from which `npm install` and `npm publish` work:
 * `deno task npm FOLDER`.
 *
 * Each module becomes one file of plain JavaScript with its declarations, so bundlers take only what a program uses.
 * The command line needs Deno and is left out.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { readingLibraryVersions } from "../data/libraries/reading_libraries.ts";
import { NO_DENO } from "../core/native/make_kernels.ts";
import { libraryVersions as drawingLibraryVersions } from "../views/drawing_libraries.ts";
import { esbuild } from "./bundle.ts";

const root = fromFileUrl(new URL("..", import.meta.url));

/** The libraries that the package loads when it needs them, with their versions. */
export const libraryVersions: Readonly<Record<string, string>> = {
  ...drawingLibraryVersions,
  ...readingLibraryVersions,
};

/** TypeScript, which writes the declarations. Like esbuild, it is not a dependency of the package. */
const tsc = [...esbuild.slice(0, -1), "npm:typescript@5.9.3/tsc"];

/** The folders of modules. */
const folders = ["core", "optim", "layers", "data", "model", "views"] as const;

/** Modules that are no part of a package: tests and their helpers. */
const excluded = /(?:_test|(?:^|\/)testing|(?:^|\/)test_\w+)\.ts$/;

/**
 * Modules that are imported for their effect. Bundlers of a package without effects drop them, so they are left out:
 * flat lists that make Deno read modules side by side, and the registration of WebAssembly as the default device.
 */
const forEffect = /(?:\/|^)(?:modules|default_device)\.(?:ts|js)$/;

/** Options of {@linkcode npmPackage}. */
export interface NpmPackageOptions {
  /** Whether to write declarations, which takes longer. @default {true} */
  readonly types?: boolean;
}

async function deno(args: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd: root }).output();
  if (success) return;
  const output = [stderr, stdout].map((bytes) => new TextDecoder().decode(bytes)).join("");
  throw new Error(`Cannot make the npm package: deno ${args.at(-1)} failed:\n${output}`);
}

/** Returns the paths of the files below a folder, from the root, with `/`. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    if (isDirectory) yield* filesIn(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

/** Returns the paths of all modules of the package. */
async function modules(): Promise<string[]> {
  const found = ["mod.ts"];
  for (const folder of folders) found.push(...await Array.fromAsync(filesIn(folder)));
  return found.filter((path) => path.endsWith(".ts") && !excluded.test(path) && !forEffect.test(path)).sort();
}

/** Makes relative imports name JavaScript. Examples in docstrings stay. */
function withoutTypeScript(text: string): string {
  const specifiers = /(\b(?:from |import |import\())"(\.{1,2}\/[^"]+)\.ts"/g;
  return text.split("\n").map((line) => /^ *\*/.test(line) ? line : line.replace(specifiers, '$1"$2.js"')).join("\n");
}

/**
 * A constant at the top level of a module that esbuild wrote: the next statement, if any, begins at the start of a line.
 * Templates may have such lines, too.
 */
const constant = /^((?:export )?const \w+ = )((?:`(?:[^`\\]|\\.)*`|[^`])*?);(?=\n(?:[^\s)\]}]|(?![^])))/gm;

/**
 * Tells bundlers that a constant may be left out if nothing uses it, whatever is called and read to compute it. They
 * believe this only of a call as a whole, not of the calls in its arguments, so the value becomes the result of a
 * function.
 */
export function withPureConstants(text: string): string {
  return text.replace(constant, (statement, start: string, value: string) => {
    const isFunction = /^(?:async )?(?:function\b|\(.*?\) =>|\w+ =>)/s.test(value);
    const isComputed = /[\w$)]\(|\.\.\.|\w\.[a-z]/i.test(value);
    return isComputed && !isFunction ? `${start}/* @__PURE__ */ (() => ${inBrackets(value)})();` : statement;
  });
}

/** A record begins like the body of a function. */
function inBrackets(value: string): string {
  return value.startsWith("{") ? `(${value})` : value;
}

/** Removes imports for their effect. */
function withoutEffects(text: string): string {
  return text.replace(/^import "([^"]+)";\n/gm, (line, path) => forEffect.test(path) ? "" : line);
}

/** Makes declarations that mention `Disposable` name the library that has it, which few programs configure. */
export function withLibraries(declarations: string): string {
  const isNeeded = /\bDisposable\b|\bSymbol\.dispose\b/.test(declarations);
  return isNeeded ? `/// <reference lib="esnext.disposable" />\n${declarations}` : declarations;
}

/** Makes kernels in machine code, which only Deno can call. Deno can also load this package, but not a browser. */
const KERNELS = "core/native/make_kernels.js";
/** Stands for that module in bundles for browsers. */
const NO_KERNELS = "core/native/no_kernels.js";

/** Modules that bundlers need in another form than Deno. */
const replacements: Readonly<Record<string, string>> = {
  // Deno would fetch libraries at the start if it saw their names; bundlers must see them.
  "data/libraries/import_library.js": `const libraries = {\n${
    Object.keys(libraryVersions).map((name) => `  ${JSON.stringify(name)}: () => import("${name}"),\n`).join("")
  }};\nexport function importLibrary(name) {\n  return libraries[name]();\n}\n`,
  // An import that is used stays in a bundle exactly if something computes.
  "core/first_device.js": 'export { openWasm as openFirst } from "./wasm/backend.js";\n',
  [NO_KERNELS]: `export function denoHost() {\n  return ${JSON.stringify(NO_DENO)};\n}\n\n` +
    "export function makeKernels(refused) {\n  return { refused };\n}\n",
};

async function packageJson(): Promise<string> {
  const { name, version, license, exports } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const entry = (path: string): Record<string, string> => ({
    types: path.replace(/\.ts$/, ".d.ts"),
    default: path.replace(/\.ts$/, ".js"),
  });
  const offered = Object.entries<string>(exports).filter(([, path]) => !path.startsWith("./cli/"));
  return JSON.stringify(
    {
      ...{ name, version, license, type: "module", engines: { node: ">=20.16" } },
      description: "A deep learning framework that compiles pure functions to few kernels, for WebAssembly and WebGPU",
      exports: Object.fromEntries(offered.map(([name, path]) => [name, entry(path)])),
      ...{ sideEffects: false, browser: { [`./${KERNELS}`]: `./${NO_KERNELS}` }, dependencies: libraryVersions },
    },
    null,
    2,
  ) + "\n";
}

/** Writes declarations. They are not checked here, `deno check` does that. */
async function writeDeclarations(folder: string, files: readonly string[]): Promise<void> {
  const config = await Deno.makeTempFile({ suffix: ".json" });
  const compilerOptions = {
    ...{ target: "es2022", module: "nodenext", lib: ["esnext", "dom", "dom.iterable"], types: [], strict: true },
    ...{ declaration: true, emitDeclarationOnly: true, noCheck: true, allowImportingTsExtensions: true },
    ...{ rootDir: root, outDir: folder },
  };
  const paths = files.map((file) => join(root, file));
  try {
    await Deno.writeTextFile(config, JSON.stringify({ compilerOptions, files: paths }));
    await deno([...tsc, "--project", config]);
  } finally {
    await Deno.remove(config);
  }
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await Deno.writeTextFile(path, change(withoutTypeScript(await Deno.readTextFile(path))));
}

/** Writes the package into a folder, which is created if necessary. */
export async function npmPackage(folder: string, { types = true }: NpmPackageOptions = {}): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const files = await modules();
  const lower = ["--target=es2022", "--format=esm", "--log-level=warning", "--allow-overwrite"];
  await deno([...esbuild, ...files, ...lower, `--outbase=${root}`, `--outdir=${folder}`]);
  if (types) await writeDeclarations(folder, files);
  for (const file of files) {
    await rewrite(join(folder, file.replace(/\.ts$/, ".js")), (text) => withPureConstants(withoutEffects(text)));
    if (!types) continue;
    await rewrite(join(folder, file.replace(/\.ts$/, ".d.ts")), (text) => withLibraries(withoutEffects(text)));
  }
  for (const [file, text] of Object.entries(replacements)) await Deno.writeTextFile(join(folder, file), text);
  await Deno.writeTextFile(join(folder, "package.json"), await packageJson());
  for (const file of ["LICENSE", "README.md", "CHANGELOG.md"]) {
    // Unlike a copy, it can be replaced if the checkout is read-only.
    await Deno.writeFile(join(folder, file), await Deno.readFile(join(root, file)));
  }
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) {
    console.error("Cannot make the npm package: expected deno task npm FOLDER");
    Deno.exit(2);
  }
  await npmPackage(folder);
}
