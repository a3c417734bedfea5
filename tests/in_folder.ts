/**
 * Temporary folders for tests.
 *
 * @module
 */

/** Runs a function with a new empty folder, and removes the folder afterwards. */
export async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
