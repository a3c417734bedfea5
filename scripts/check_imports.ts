/**
 * Checks who imports whom, and the length of files:
 *
 * - no cycle of imports of values (imports of types alone are no dependency when the program runs);
 * - no implementation file imports a barrel (`mod.ts`): it imports the file that holds what it needs;
 * - `core/` imports nothing from outside of itself but what Deno carries; the other folders import only from those below them;
 * - no file is longer than {@linkcode LONGEST} lines.
 *
 * Run it with `deno task cycles`.
 *
 * @module
 */

import { join, relative, resolve } from "@std/path";

/** The most lines that a file may have. */
const LONGEST = 400;

/** Tests and what helps them: they are not published and may import what they like. */
const testFile = /(?:_test|\/testing|\/test_\w+)\.ts$/;

/**
 * The folders that each folder of the package may take values from, besides itself. `layers` stands on `optim`, since
 * unsupervised layers know objectives and update rules.
 */
const below: Readonly<Record<string, readonly string[]>> = {
  core: [],
  optim: ["core"],
  layers: ["core", "optim"],
  data: ["core"],
  model: ["core", "optim", "layers", "data"],
  views: ["core", "optim", "layers", "data", "model"],
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
  /** The imported file from the root, or the specifier where it is no file of this tree. */
  readonly target: string;
  /** True where the import holds at program start: neither of types alone nor dynamic. */
  readonly binding: boolean;
  /** True where it is of types alone. */
  readonly typeOnly: boolean;
}

const staticImport = /^(?:import\s*|(?:import|export)\b(?<clause>[^;"'=]*?)\bfrom\s*)"(?<specifier>[^"]+)"/gm;
const dynamicImport = /\bimport\("(?<specifier>[^"]+)"\)/g;

/** What a source text imports. Formatted sources are expected: a static import begins its line. */
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

/** True for `import type …` and for braces that hold types alone. */
function isTypeOnly(clause: string): boolean {
  if (/^\s+type\s+[{*\w]/.test(clause)) return true;
  const names = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(clause)?.groups?.names.split(",").map((name) => name.trim());
  return names?.filter(Boolean).every((name) => name.startsWith("type ")) ?? false;
}

function targetOf(path: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return relative(resolve("."), resolve(path, "..", specifier)).replaceAll("\\", "/");
}

/** One cycle for each knot of files that import each other's values, as the paths along it. */
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

/** What is wrong with the imports and the length of one file. */
export function faultsOf(source: Source): string[] {
  const faults: string[] = [];
  if (source.lines > LONGEST) {
    faults.push(`${source.path} has ${source.lines} lines: expected at most ${LONGEST}; split it by its concepts`);
  }
  const [folder] = source.path.split("/");
  const isImplementation = folder in below && !testFile.test(source.path);
  if (!isImplementation) return faults;
  for (const one of source.imports) {
    if (one.target.endsWith("/mod.ts") && !source.path.endsWith("/mod.ts")) {
      faults.push(`${source.path} imports the barrel ${one.target}: import the file that holds what it needs`);
    }
    const breach = breachOf(folder, one);
    if (breach) faults.push(`${source.path} imports ${one.target}: ${breach}`);
  }
  return faults;
}

/** Why a file of this folder may not have this import. */
function breachOf(folder: string, { target, typeOnly }: Import): string | undefined {
  const [from] = target.split("/");
  if (from === folder || target.startsWith("node:")) return undefined;
  if (folder === "core") return "core/ depends on nothing outside of itself";
  if (typeOnly || !(from in below) || below[folder].includes(from)) return undefined;
  return `${folder}/ takes values only from ${below[folder].join("/, ")}/`;
}

/** The sources below a directory, but for hidden folders and those that are not ours. */
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
  const cycles = cyclesOf(sources).map((cycle) => `Imports of values go round: ${cycle.join(" → ")}`);
  const faults = [...cycles, ...sources.flatMap(faultsOf)];
  for (const fault of faults) console.error(fault);
  console.log(
    `${sources.length} files: ${faults.length === 0 ? "imports and lengths are in order" : `${faults.length} faults`}`,
  );
  if (faults.length > 0) Deno.exit(1);
}
