/**
 * Bundles a program and all its imports into one file of plain JavaScript, for browsers and for Node:
 * `deno task bundle ENTRY OUTPUT`.
 *
 * `deno bundle` resolves the imports; esbuild then converts newer syntax, such as `using`, to the JavaScript of 2022,
 * which Node 20 and all browsers with WebAssembly SIMD understand.
 *
 * @module
 */

/** Arguments of Deno that run esbuild. It is not a dependency of the package, so it is not in the lock file. */
export const esbuild = ["run", "--allow-all", "--quiet", "--no-config", "--no-lock", "npm:esbuild@0.25.12"] as const;

async function deno(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "null" }).output();
  if (!success) throw new Error(`Cannot bundle: deno ${args[0]} failed:\n${new TextDecoder().decode(stderr)}`);
}

/** Bundles the program `entry` into the file `output`. */
export async function bundle(entry: string, output: string): Promise<void> {
  await deno("bundle", "--quiet", "--platform", "browser", "--output", output, entry);
  const lower = ["--target=es2022", "--format=esm", "--log-level=warning", "--allow-overwrite"];
  await deno(...esbuild, output, ...lower, `--outfile=${output}`);
}

if (import.meta.main) {
  const [entry, output] = Deno.args;
  if (output === undefined) {
    console.error("Cannot bundle: expected deno task bundle ENTRY OUTPUT");
    Deno.exit(2);
  }
  await bundle(entry, output);
}
