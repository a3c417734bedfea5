/**
 * Reserves the files of a training, so that no other training writes to them.
 *
 * @module
 */

import { HeldError, type ReservedFile, takeLease, takeNewFile } from "../../model/files/lease.ts";
import { makeFolder } from "../files/check_writable.ts";
import { RunFolder } from "../runs/folder.ts";
import type { SavingPlan } from "./saving_plan.ts";

/** A plan whose files are reserved until it is disposed. */
export interface Reserved extends Disposable {
  readonly saving: SavingPlan;
  /** Releases the file, but not the run folder, for the training, which reserves the file itself. */
  release(): void;
}

/**
 * Reserves the run folder and the file of a training. If the user named no file, and another training has taken the
 * name since it was chosen, the plan gets another one.
 *
 * @throws {FileError} if another training writes to one of them.
 * @throws {UsageError} if another training has just ended in the run folder.
 */
export function reserve(saving: SavingPlan): Reserved {
  const { out, resume } = saving;
  using leases = new DisposableStack();
  if (out !== undefined) {
    makeFolder(out);
    leases.use(takeLease(out));
    RunFolder.check(out, { resume: resume !== undefined });
  }
  const { file, lease } = reserveFile(saving);
  if (lease) leases.use(lease);
  const kept = leases.move();
  return {
    saving: { ...saving, file },
    release: () => lease?.[Symbol.dispose](),
    [Symbol.dispose]: () => kept.dispose(),
  };
}

/** Reserves the file of a training; if it is only saved there when it is interrupted, the file may be another one. */
function reserveFile({ file, saveMode }: SavingPlan): Partial<ReservedFile> {
  if (file === undefined) return {};
  try {
    return { file, lease: takeLease(file) };
  } catch (error) {
    if (saveMode !== "stop" || !(error instanceof HeldError)) throw error;
    return takeNewFile(file.replace(/(-\d+)?\.ym$/, ""));
  }
}
