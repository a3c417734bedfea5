/**
 * Where a training from the command line is saved, and from which file it is resumed.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { FileError } from "../../model/files/errors.ts";
import type { SaveMode } from "../../model/training/train_options.ts";
import { UsageError } from "../errors.ts";
import { refuseRunFile, runFiles, RunFolder } from "../runs/folder.ts";
import { isRunFolder } from "../runs/read.ts";
import { isLeased } from "../../model/files/lease.ts";
import { modelFileOf, savedFileOf } from "../files/saved_model.ts";
import { checkFolder, checkTarget, tryStat } from "../files/check_writable.ts";
import { isSamePath, plainPath } from "../files/same_path.ts";

/** The message if `--resume` names no file. */
export const RESUME_WHAT = "option --resume needs a file: --resume FILE, or add --save FILE or --out DIR";

/** The options of a command line about files. */
export interface SavingWishes {
  /** The file to save to. */
  readonly save: string | undefined;
  readonly saveMode: SaveMode | undefined;
  /** The run folder. */
  readonly out: string | undefined;
  /** The file to resume from; true for that of `save` or `out`. */
  readonly resume: string | true | undefined;
}

/** The files that a training uses. */
export interface SavingPlan {
  /** Where to save; undefined if nothing can be written. */
  readonly file: string | undefined;
  readonly saveMode: SaveMode | null;
  /** The file to resume from. */
  readonly resume: string | undefined;
  /** Whether training starts from the beginning because there is nothing to resume yet. */
  readonly restarted?: true;
  /** The run folder. */
  readonly out: string | undefined;
  /** Why there is no file; printed if the training is interrupted. */
  readonly problem: string | undefined;
}

/**
 * Decides where to save, and checks that it is possible, before anything is loaded or written.
 *
 * @param name the name of the file to which an interrupted training is saved if no file is given
 * @throws {UsageError} if `resume` names no file, or the run folder contains another run.
 * @throws {FileError} if something cannot be written or read.
 */
export function planSaving({ save, saveMode, ...wishes }: SavingWishes, name: string): SavingPlan {
  const resume = resumeFile(save, wishes);
  const restarted = wishes.resume !== undefined && resume === undefined && { restarted: true } as const;
  const folder = wishes.out ?? (isContinued(wishes.resume, save) ? wishes.resume : undefined);
  const out = folder === undefined ? undefined : plainPath(folder);
  if (out !== undefined) RunFolder.check(out, { resume: resume !== undefined });
  const file = save ?? (out === undefined ? resume : join(out, runFiles.model));
  if (file === undefined) {
    if (saveMode !== undefined) throw new UsageError("option --save-mode needs a file: add --save FILE or --out DIR");
    return { resume, out, ...spareFile(name) };
  }
  refuseRunFile(file);
  if (out === undefined || !isSamePath(dirname(file), out)) checkTarget(file);
  return { file, saveMode: saveMode ?? "each", resume, out, problem: undefined, ...restarted };
}

/** The plan of a training whose result is not kept. */
export const savedNowhere: SavingPlan = {
  file: undefined,
  saveMode: null,
  resume: undefined,
  out: undefined,
  problem: "it only tries something",
};

/**
 * Whether a training that resumes the run of a folder adds to it. If it is saved to another file, it is a training of
 * its own, and the folder stays as it is.
 */
export function isContinued(resume: string | true | undefined, save: string | undefined): resume is string {
  if (typeof resume !== "string" || tryStat(resume)?.isDirectory !== true) return false;
  return save === undefined || isSamePath(save, join(resume, runFiles.model));
}

/**
 * The file to resume from; undefined if nothing was saved yet. A job that is started again with the same command line
 * just continues, whether it was stopped before its first save or after it.
 */
function resumeFile(
  save: string | undefined,
  { out, resume }: Pick<SavingWishes, "out" | "resume">,
): string | undefined {
  if (resume === undefined) return undefined;
  const path = resume === true ? save ?? out : resume;
  if (path === undefined) throw new UsageError(RESUME_WHAT);
  const model = out !== undefined && save === undefined ? join(out, runFiles.model) : undefined;
  const isOwn = [save, out, model].some((own) => own !== undefined && isSamePath(own, path)) || isRunFolder(path);
  return isOwn ? savedFileOf(path) ?? (save === undefined ? undefined : savedFileOf(save)) : modelFileOf(path);
}

/** The file to which a training without a file is saved if it is interrupted. Deno does not prompt for permission. */
function spareFile(name: string): Pick<SavingPlan, "file" | "saveMode" | "problem"> {
  const folder = Deno.permissions.querySync({ name: "read", path: "." });
  const isGranted = folder.state === "granted" &&
    Deno.permissions.querySync({ name: "write", path: "." }).state === "granted";
  if (!isGranted) return { file: undefined, saveMode: null, problem: "writing to this folder is not permitted" };
  try {
    checkFolder(".");
    return { file: freeName(name), saveMode: "stop", problem: undefined };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const file = temporaryFile(name);
    if (file !== undefined) return { file, saveMode: "stop", problem: undefined };
    return { file: undefined, saveMode: null, problem: "nothing can be written to this folder" };
  }
}

/** An unused path in the folder for temporary files; undefined if nothing can be written there. */
function temporaryFile(name: string): string | undefined {
  try {
    const file = Deno.makeTempFileSync({ prefix: `${name}-`, suffix: ".ym" });
    Deno.removeSync(file);
    return Deno.permissions.querySync({ name: "read", path: dirname(file) }).state === "granted" ? file : undefined;
  } catch {
    return undefined;
  }
}

/** An unused file name in this folder, which no other training uses. */
export function freeName(name: string): string {
  for (let number = 1;; number++) {
    const file = number === 1 ? `${name}.ym` : `${name}-${number}.ym`;
    if (!tryStat(file) && !isLeased(file)) return file;
  }
}
