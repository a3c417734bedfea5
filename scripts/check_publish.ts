/**
 * Checks what `deno publish` would send: the dry run passes, and the package holds sources and nothing else.
 *
 * Run it with `deno task publish:check`.
 *
 * @module
 */

/** Files that no user of the package needs. The example networks are those of the command line. */
const unwanted =
  /^(?:vendor|tests|bench|examples(?!\/networks)|scripts)\/|(?:_test|\/testing|\/test_\w+)\.ts$|(?:^|\/)\./;

/** The paths, relative to the root, that the output of a dry run lists. */
export function publishedFiles(output: string, root: URL): string[] {
  const prefix = root.href.endsWith("/") ? root.href : `${root.href}/`;
  return [...output.matchAll(/file:\/\/\S+/g)]
    .map(([url]) => url)
    .filter((url) => url.startsWith(prefix))
    .map((url) => url.slice(prefix.length));
}

/** Those of the files that should not be published. */
export function unwantedFiles(files: readonly string[]): string[] {
  return files.filter((file) => unwanted.test(file));
}

if (import.meta.main) {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["publish", "--dry-run", "--allow-dirty"],
    env: { NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const files = publishedFiles(output, new URL("..", import.meta.url));
  const faults = unwantedFiles(files);
  if (!success || files.length === 0) console.error(output);
  for (const file of faults) console.error(`${file} would be published: exclude it in deno.json`);
  if (!success || files.length === 0 || faults.length > 0) Deno.exit(1);
  console.log(`${files.length} files would be published`);
}
