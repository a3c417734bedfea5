/**
 * Reserves the files of a training, so that no other training writes to them.
 *
 * @module
 */

import { dirname } from "@std/path";
import { FileError } from "../../model/files/errors.ts";
import { makeFolder } from "../files/check_writable.ts";
import { takeLease } from "../files/lease.ts";
import { RunFolder } from "../runs/folder.ts";
import { freeName, type SavingPlan } from "./saving_plan.ts";

/** A plan whose files are reserved until it is disposed. */
export interface Reserved extends Disposable {
  readonly saving: SavingPlan;
}

/**
 * Reserves the run folder and the file of a training. If the user named no file, and another training has taken the
 * name since it was chosen, the plan gets another one.
 *
 * @throws {FileError} if another training writes to one of them.
 * @throws {UsageError} if another training has just ended in the run folder.
 */
export function reserve(saving: SavingPlan): Reserved {
  const { file, out, saveMode, resume } = saving;
  using leases = new DisposableStack();
  if (out !== undefined) {
    makeFolder(out);
    leases.use(takeLease(out));
    RunFolder.check(out, { resume: resume !== undefined });
  }
  const reserved = saveMode === "stop" && file !== undefined ? reserveSpare(file, leases) : file;
  const isInFolder = out !== undefined && reserved !== undefined && dirname(reserved) === out;
  if (saveMode !== "stop" && reserved !== undefined && !isInFolder) leases.use(takeLease(reserved));
  const kept = leases.move();
  return { saving: { ...saving, file: reserved }, [Symbol.dispose]: () => kept.dispose() };
}

/** Reserves the file of a training that is only saved if it is interrupted, or another one if that is taken. */
function reserveSpare(file: string, leases: DisposableStack): string {
  for (let name = file;;) {
    try {
      leases.use(takeLease(name));
      return name;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      name = freeName(file.replace(/(-\d+)?\.ym$/, ""));
    }
  }
}
