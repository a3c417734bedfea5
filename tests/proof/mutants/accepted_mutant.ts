/**
 * A mutant that no test notices, with the reason why this is no gap in the tests.
 *
 * @module
 */

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

/** Mutants of one line that may survive for one reason. */
export function ofLine(
  line: Pick<Accepted, "file" | "context" | "reason">,
  ...names: readonly string[]
): readonly Accepted[] {
  return names.map((name) => ({ ...line, name }));
}
