/**
 * Folders for tests.
 *
 * @module
 */

/** Does something with an empty folder that is there for that only. */
export async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
