/**
 * Checks what `deno publish` would send. The dry run passes, also in a copy of the tree that is no repository; the
 * package holds only sources; and its entries can be imported from the sent files alone.
 *
 * Run it with `deno task publish:check`.
 *
 * @module
 */

import { dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import { entries } from "./entries.ts";

/** Files that no user of the package needs. The command line needs the example networks. */
const unwanted =
  /^(?:vendor|tests|bench|examples(?!\/networks)|scripts)\/|(?:_test|\/testing|\/test_\w+)\.ts$|(?:^|\/)\./;

/** Folders that do not hold sources. */
const ignored = /^(?:\.|node_modules$|coverage$)/;

/** Returns the paths, relative to the root, that the output of a dry run lists. */
export function publishedFiles(output: string, root: URL): string[] {
  const prefix = root.href.endsWith("/") ? root.href : `${root.href}/`;
  return [...output.matchAll(/file:\/\/\S+/g)]
    .map(([url]) => url)
    .filter((url) => url.startsWith(prefix))
    .map((url) => url.slice(prefix.length));
}

/** Returns those of the files that should not be published. */
export function unwantedFiles(files: readonly string[]): string[] {
  return files.filter((file) => unwanted.test(file));
}

async function deno(folder: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("deno", { args, cwd: folder, env: { NO_COLOR: "1" } })
    .output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(`deno ${args[0]} failed in ${folder}:\n${output}`);
  return output;
}

/** Returns the files that a dry run lists in a folder. */
async function dryRun(folder: string, ...options: string[]): Promise<string[]> {
  const output = await deno(folder, "publish", "--dry-run", "--allow-dirty", ...options);
  const files = publishedFiles(output, toFileUrl(folder));
  if (files.length === 0) throw new Error(`Nothing would be published from ${folder}:\n${output}`);
  return files.sort();
}

/** Returns all files below a folder, without hidden ones and those that are no sources. */
async function* filesIn(folder: string, path = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(folder, path))) {
    if (ignored.test(name)) continue;
    if (isDirectory) yield* filesIn(folder, join(path, name));
    else yield join(path, name);
  }
}

async function copy(files: Iterable<string>, from: string, to: string): Promise<void> {
  for (const file of files) {
    await Deno.mkdir(dirname(join(to, file)), { recursive: true });
    await Deno.copyFile(join(from, file), join(to, file));
  }
}

/** Fails unless all entries can be imported from the files that are sent, together with the stand-ins. */
async function checkImports(files: readonly string[], all: readonly string[], root: string): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    // A copy of a read-only file cannot be written again.
    const needed = new Set([...files, "deno.json", ...all.filter((file) => file.startsWith("vendor/"))]);
    await copy(needed, root, folder);
    const lines = (await entries()).map((entry) => `import ${JSON.stringify(`./${entry}`)};`);
    await Deno.writeTextFile(join(folder, "program.ts"), lines.join("\n"));
    await deno(folder, "run", "--allow-read", "--no-lock", "program.ts");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns all faults of the package. */
async function faultsOf(root: string): Promise<{ files: readonly string[]; faults: string[] }> {
  const files = await dryRun(root);
  const faults = unwantedFiles(files).map((file) => `${file} would be published: exclude it in deno.json`);
  const all = await Array.fromAsync(filesIn(root));
  const folder = await Deno.makeTempDir();
  try {
    await copy(all, root, folder);
    const copied = await dryRun(folder, "--no-check"); // the types are the same
    if (copied.join() !== files.join()) {
      faults.push(`${copied.length} files would be published from a copied tree, ${files.length} from here`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  await checkImports(files, all, root);
  return { files, faults };
}

if (import.meta.main) {
  const { files, faults } = await faultsOf(fromFileUrl(new URL("..", import.meta.url)).replace(/[\\/]$/, ""));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
  console.log(`${files.length} files would be published`);
}
