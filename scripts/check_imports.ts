/**
 * Checks the imports and the length of files:
 *
 * - no cycle of imports of values (imports of types are no dependency at run time);
 * - no implementation file imports a `mod.ts`: it imports the file that defines what it needs;
 * - the folders of the package have an {@linkcode order}, and take values only from those before them;
 * - `core/` imports nothing from outside of itself except built-in modules, and its folders are {@linkcode stages} that
 *   import only from those named here;
 * - no file is longer than {@linkcode LONGEST} lines.
 *
 * Run it with `deno task cycles`.
 *
 * @module
 */

import { join, relative, resolve } from "@std/path";

/** The most lines that a file may have. */
const LONGEST = 400;

/** Tests and their helpers: they are not published and may import anything. */
const testFile = /(?:_test|\/testing|\/test_\w+)\.ts$/;

/** The folders of the package: each may take values from those before it. */
const order: readonly string[] = ["core", "optim", "layers", "data", "model", "views", "cli"];

/**
 * Folders from which the package may import nothing. Examples import the public entries, since they show what users
 * write.
 */
const unpublished: readonly string[] = ["bench", "docs", "examples", "scripts", "tests"];

/** The files that a folder of `core/` may import, types included. */
interface Reach {
  /** The other folders of `core/`. */
  readonly folders: readonly string[];
  /** The files directly in `core/` (default: all of them). */
  readonly files?: readonly string[];
}

const ofBackends = {
  folders: ["scalar", "nest"],
  files: ["backend.ts", "dtype.ts", "host.ts", "shape.ts", "shared_values.ts"],
} satisfies Reach;

/** The folders of `core/`, in the order in which an expression passes through them. */
export const stages: Readonly<Record<string, Reach>> = {
  options: { folders: [] },
  scalar: { folders: [], files: ["dtype.ts"] },
  nest: { folders: ["scalar"], files: ["dtype.ts", "shape.ts"] },
  graph: { folders: ["scalar", "nest"] },
  functions: { folders: ["options", "scalar", "nest", "graph"] },
  random: { folders: ["options", "scalar", "nest", "graph", "functions"] },
  fuse: { folders: ["scalar", "nest", "graph"], files: ["dtype.ts", "shape.ts"] },
  plan: { folders: ["scalar", "nest", "graph", "fuse"], files: ["dtype.ts", "shape.ts", "storage.ts"] },
  programs: { folders: ["graph"] },
  debugging: { folders: ["options", "scalar", "nest", "graph", "functions"] },
  profile: { folders: ["options", "nest"] },
  native: { folders: [], files: ["dtype.ts"] },
  wasm: {
    folders: ["options", ...ofBackends.folders, "native"],
    files: ["device_options.ts", "permission.ts", ...ofBackends.files],
  },
  webgpu: ofBackends,
};

/** Imports against the order, on purpose: a file, and what it imports. */
const exceptions: Readonly<Record<string, string>> = {
  // The command line refers to the example networks by name; they are published with it.
  "cli/networks.ts": "examples/networks.ts",
  // The import of this file lets the first computation use WebAssembly immediately.
  "core/wasm/default_device.ts": "core/device.ts",
};

/** A source file and what it imports. */
export interface Source {
  /** Its path from the root, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

/** An import or a re-export. */
export interface Import {
  /** The imported file from the root, or the specifier if it is no file of this tree. */
  readonly target: string;
  /** Whether the import takes effect at program start: neither of types only nor dynamic. */
  readonly binding: boolean;
  /** Whether it is of types only. */
  readonly typeOnly: boolean;
}

const staticImport = /^(?:import\s*|(?:import|export)\b(?<clause>[^;"'=]*?)\bfrom\s*)"(?<specifier>[^"]+)"/gm;
const dynamicImport = /\bimport\("(?<specifier>[^"]+)"\)/g;

/** Returns the imports of a source text. It must be formatted, so that a static import begins its line. */
export function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  for (const { groups } of text.matchAll(staticImport)) {
    const typeOnly = isTypeOnly(groups?.clause ?? "");
    found.push({ target: targetOf(path, groups?.specifier ?? ""), binding: !typeOnly, typeOnly });
  }
  const code = text.replaceAll(/^\s*(?:\*|\/\/).*$/gm, "");
  for (const { groups } of code.matchAll(dynamicImport)) {
    found.push({ target: targetOf(path, groups?.specifier ?? ""), binding: false, typeOnly: false });
  }
  return found;
}

/** True for `import type …` and for braces that hold only types. */
function isTypeOnly(clause: string): boolean {
  if (/^\s+type\s+[{*\w]/.test(clause)) return true;
  const names = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(clause)?.groups?.names.split(",").map((name) => name.trim());
  return names?.filter(Boolean).every((name) => name.startsWith("type ")) ?? false;
}

function targetOf(path: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return relative(resolve("."), resolve(path, "..", specifier)).replaceAll("\\", "/");
}

/** Returns one cycle for each group of files that import each other's values, as the paths along it. */
export function cyclesOf(sources: readonly Source[]): string[][] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const seen = way.indexOf(path);
    if (seen >= 0) cycles.push([...way.slice(seen), path]);
    if (seen >= 0 || done.has(path)) return;
    for (const { target, binding } of byPath.get(path)?.imports ?? []) {
      if (binding && byPath.has(target)) visit(target, [...way, path]);
    }
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return cycles;
}

/** Returns what is wrong with the imports and the length of one file. */
export function faultsOf(source: Source): string[] {
  const { path, lines, imports } = source;
  const tooLong = lines > LONGEST
    ? [`${path} has ${lines} lines: expected at most ${LONGEST}; split it by its concepts`]
    : [];
  const [folder] = path.split("/");
  if (!order.includes(folder) || testFile.test(path)) return tooLong;
  return [
    ...tooLong,
    ...imports.flatMap((one) => {
      if (exceptions[path] === one.target) return [];
      const breaches = [barrelBreach(path, one), folder === "core" ? coreBreach(path, one) : orderBreach(folder, one)];
      return breaches.filter((breach) => breach !== undefined).map((breach) =>
        `${path} imports ${one.target}: ${breach}`
      );
    }),
  ];
}

/** Returns why a file may not import a `mod.ts`; those may re-export one another. */
function barrelBreach(path: string, { target }: Import): string | undefined {
  if (isEntry(path) || !isEntry(target)) return undefined;
  return "import the file that defines what it needs";
}

function isEntry(path: string): boolean {
  return /(?:^|\/)mod\.ts$/.test(path);
}

/** Returns why a file of a folder outside of `core/` may not have this import. */
function orderBreach(folder: string, { target, typeOnly }: Import): string | undefined {
  const [from] = target.split("/");
  if (unpublished.includes(from)) return `${from}/ is not part of the package`;
  if (typeOnly || order.indexOf(from) <= order.indexOf(folder)) return undefined;
  return `${folder}/ may import values only from ${order.slice(0, order.indexOf(folder)).join("/, ")}/`;
}

/** Returns why a file of `core/` may not have this import. */
function coreBreach(path: string, { target }: Import): string | undefined {
  if (target.startsWith("node:")) return undefined;
  if (!target.startsWith("core/")) return "core/ depends on nothing outside of itself";
  const [stage, from] = [stageOf(path), stageOf(target)];
  if (stage === undefined || stage === from) return undefined;
  if (!Object.hasOwn(stages, stage)) return `core/${stage}/ is not among the stages of scripts/check_imports.ts`;
  const { folders, files } = stages[stage];
  if (from !== undefined && !folders.includes(from)) {
    const known = folders.map((one) => `core/${one}/`).join(", ") || "no other folder";
    return `of the folders of core/, core/${stage}/ may import from ${known}`;
  }
  if (from !== undefined || files === undefined || files.includes(target.slice("core/".length))) return undefined;
  return `of the files directly in core/, core/${stage}/ may import from ${files.join(", ")}`;
}

/** Returns the folder within `core/` of a path; undefined for files directly in it. */
function stageOf(path: string): string | undefined {
  const [, stage, ...rest] = path.split("/");
  return rest.length > 0 ? stage : undefined;
}

/** Returns the sources below a directory, without hidden folders and installed packages. */
function* sourcesIn(directory: string): Generator<Source> {
  for (const entry of Deno.readDirSync(directory)) {
    const path = join(directory, entry.name).replaceAll("\\", "/");
    if (entry.isDirectory && !/^[.]|^(?:node_modules|coverage)$/.test(entry.name)) yield* sourcesIn(path);
    if (!entry.isFile || !entry.name.endsWith(".ts")) continue;
    const text = Deno.readTextFileSync(path);
    yield { path, lines: text.split("\n").length - 1, imports: importsOf(path, text) };
  }
}

if (import.meta.main) {
  const sources = [...sourcesIn(".")].sort((a, b) => a.path < b.path ? -1 : 1);
  const cycles = cyclesOf(sources).map((cycle) => `Imports of values form a cycle: ${cycle.join(" → ")}`);
  const faults = [...cycles, ...sources.flatMap(faultsOf)];
  for (const fault of faults) console.error(fault);
  console.log(
    `${sources.length} files: ${
      faults.length === 0 ? "all imports and lengths are allowed" : `${faults.length} faults`
    }`,
  );
  if (faults.length > 0) Deno.exit(1);
}
