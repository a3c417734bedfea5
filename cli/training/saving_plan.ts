/**
 * Where a training from the command line is saved, and where it goes on.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { FileError } from "../../model/files/errors.ts";
import type { SaveMode } from "../../model/training/train_options.ts";
import { UsageError } from "../errors.ts";
import { runFiles, RunFolder } from "../runs/folder.ts";
import { modelFileOf } from "../files/saved_model.ts";
import { checkFolder, checkTarget, tryStat } from "../files/check_writable.ts";

/** What is said where nobody says what to go on with. */
export const RESUME_WHAT = "option --resume needs to know the file: --resume FILE, or --save FILE or --out DIR with it";

/** What a command line says about files. */
export interface SavingWishes {
  /** The file to save in. */
  readonly save: string | undefined;
  readonly saveMode: SaveMode | undefined;
  /** The run folder. */
  readonly out: string | undefined;
  /** The file to go on with, or that of `save` or `out`. */
  readonly resume: string | true | undefined;
}

/** What is decided about files. */
export interface SavingPlan {
  /** Where to save; none where nothing can be written. */
  readonly file: string | undefined;
  readonly saveMode: SaveMode | null;
  /** The file to go on with. */
  readonly resume: string | undefined;
  /** The run folder. */
  readonly out: string | undefined;
  /** Why there is no file, for whoever interrupts the training. */
  readonly problem: string | undefined;
}

/**
 * Decides where to save, and checks that it can be done, before anything is loaded or written.
 *
 * @param name what a file is called that nobody named, in which only an interrupted training is saved
 * @throws {UsageError} if it is not said what to go on with, or the run folder holds another run.
 * @throws {FileError} if something cannot be written or read.
 */
export function planSaving({ save, saveMode = "each", ...wishes }: SavingWishes, name: string): SavingPlan {
  const resume = resumeFile(save, wishes);
  const isFolder = typeof wishes.resume === "string" && tryStat(wishes.resume)?.isDirectory === true;
  const out = wishes.out ?? (isFolder ? String(wishes.resume) : undefined);
  if (out !== undefined) RunFolder.check(out, { resume: resume !== undefined });
  const file = save ?? (out === undefined ? resume : join(out, runFiles.model));
  if (file === undefined) return { resume, out, ...spareFile(name) };
  if (out === undefined || dirname(file) !== out) checkTarget(file);
  return { file, saveMode, resume, out, problem: undefined };
}

function resumeFile(
  save: string | undefined,
  { out, resume }: Pick<SavingWishes, "out" | "resume">,
): string | undefined {
  if (resume === undefined) return undefined;
  const path = resume === true ? save ?? out : resume;
  if (path !== undefined) return modelFileOf(path);
  throw new UsageError(RESUME_WHAT);
}

/** A file for a training that nobody wants to save, and that is interrupted. It asks nobody for permission. */
function spareFile(name: string): Pick<SavingPlan, "file" | "saveMode" | "problem"> {
  const folder = Deno.permissions.querySync({ name: "read", path: "." });
  const isGranted = folder.state === "granted" &&
    Deno.permissions.querySync({ name: "write", path: "." }).state === "granted";
  if (!isGranted) return { file: undefined, saveMode: null, problem: "writing into this folder is not permitted" };
  try {
    checkFolder(".");
    return { file: freeName(name), saveMode: "stop", problem: undefined };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { file: undefined, saveMode: null, problem: "nothing can be written into this folder" };
  }
}

/** A name in this folder that no file has. */
function freeName(name: string): string {
  for (let number = 1;; number++) {
    const file = number === 1 ? `${name}.ym` : `${name}-${number}.ym`;
    if (!tryStat(file)) return file;
  }
}
