/**
 * Mutants that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import type { Mutant } from "./draw.ts";
import { nameOf } from "./draw.ts";

/** A mutant that may survive. It is known by its text, so that it is found again when other lines change. */
export interface Accepted {
  readonly file: string;
  /** The line that is mutated, without the space around it. */
  readonly context: string;
  /** The mutation, as in the table of survivors. */
  readonly name: string;
  /** Why nothing should notice it. */
  readonly reason: string;
}

const accepted: readonly Accepted[] = [];

/** Why a mutant may survive, or undefined if a test should notice it. */
export function reasonFor(mutant: Mutant): string | undefined {
  const isMeant = ({ file, context, name }: Accepted): boolean =>
    file === mutant.file && context === mutant.context && name === nameOf(mutant);
  return accepted.find(isMeant)?.reason;
}
