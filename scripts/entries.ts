/**
 * The entries of the package, as `deno.json` exports them, which is the one place that names them. This script runs
 * tasks for all of them: `deno task docs:lint` fails if an exported name has no documentation, and `deno task docs:test`
 * runs the examples of the documentation. README's are left to a test, because they write files.
 *
 * @module
 */

/** A folder of the package, or its root file. */
function roomOf(entry: string): string {
  return entry.includes("/") ? entry.slice(0, entry.lastIndexOf("/")) : entry;
}

/** Returns the files that `deno.json` exports, from the root, such as `core/mod.ts`. */
export async function entries(): Promise<string[]> {
  const { exports }: { exports: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(new URL("../deno.json", import.meta.url)),
  );
  return Object.values(exports).map((path) => path.replace("./", ""));
}

/** The tasks, as arguments of Deno. */
const actions: Readonly<Record<string, (entries: readonly string[]) => string[]>> = {
  "lint": (entries) => ["doc", "--lint", ...entries],
  "test": (entries) => [
    ...["test", "--allow-all", "--doc", "--ignore=**/*_test.ts", "docs"],
    ...new Set(entries.map(roomOf)),
  ],
};

if (import.meta.main) {
  const action = Object.hasOwn(actions, Deno.args[0] ?? "") ? actions[Deno.args[0]] : undefined;
  if (!action) {
    console.error(`Cannot run ${Deno.args[0]}: expected one of ${Object.keys(actions).join(", ")}`);
    Deno.exit(2);
  }
  const { code } = await new Deno.Command("deno", { args: action(await entries()) }).spawn().status;
  Deno.exit(code);
}
