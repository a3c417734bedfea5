/**
 * A folder for the files of valid calls, which is removed when the tests of this process end.
 *
 * @module
 */

/** Makes the folder. */
export function temporaryFolder(): string {
  const folder = Deno.makeTempDirSync();
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}
