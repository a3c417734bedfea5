/**
 * A plain name after `--resume`, which is taken for the name of a network while nothing is saved under it.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { isSamePath } from "../files/same_path.ts";
import type { SavingWishes } from "./saving_plan.ts";

/** Where a training is saved, and what names it: the arguments that are not options, and the known networks. */
interface Naming extends Pick<SavingWishes, "save" | "out" | "resume"> {
  readonly words: readonly string[];
  readonly networks: readonly string[];
}

/**
 * The argument that is the value of `--resume`: that of `--out` or `--save` once more. Undefined if there is none.
 *
 * @throws {UsageError} that says how to resume, if an argument is neither that nor a network.
 */
export function resumedWord({ words, networks, save, out, resume }: Naming): string | undefined {
  if (resume !== true || words.length < 2) return undefined;
  const own = [save, out].filter((path) => path !== undefined);
  const meant = words.findLast((word) => own.some((path) => isSamePath(path, word)));
  if (meant !== undefined) return meant;
  const strange = words.find((word) => !networks.includes(word.replaceAll("-", "_")));
  if (strange === undefined || words.length > 2) return undefined;
  const network = words.find((word) => word !== strange);
  throw new UsageError(
    `unexpected argument ${strange} in addition to ${network}: nothing is saved there; to resume from it, write ` +
      `--resume=${strange}`,
  );
}
