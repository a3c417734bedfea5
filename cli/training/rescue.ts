/**
 * Saves trainings that cannot be saved to their files.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import { fileNameOf } from "../../model/files/file_name.ts";
import type { UnsavedError } from "../../model/training/unsaved_error.ts";

/**
 * Saves a training in the folder for temporary files, or in another one, and returns the file; undefined if that is not
 * possible either.
 *
 * @param name the beginning of the file's name
 */
export async function rescue(
  { saveTo }: UnsavedError,
  name: string,
  note: (text: string) => void,
): Promise<string | undefined> {
  const failures: string[] = [];
  for (const dir of rescueFolders()) {
    let file: string | undefined;
    try {
      file = Deno.makeTempFileSync({ ...dir !== undefined && { dir }, prefix: `${fileNameOf(name)}-`, suffix: ".ym" });
      await saveTo(file);
      note(`Model saved in ${inOneLine(file)}\n`);
      return file;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      if (file !== undefined) remove(file);
    }
  }
  note(`It could not be saved elsewhere either: ${inOneLine(failures.join("; "))}\n`);
  return undefined;
}

/** Folders on other disks, if possible: that for temporary files, this one, and on Linux one in memory. */
function rescueFolders(): readonly (string | undefined)[] {
  return [undefined, ".", ...Deno.build.os === "linux" ? ["/dev/shm"] : []];
}

function remove(file: string): void {
  try {
    Deno.removeSync(file);
  } catch {
    // It is empty, and the failure to write it is reported.
  }
}
