/** The error of an assertion that does not hold. */
export class AssertionError extends Error {
  /** @param message What was expected and what came. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** The end of a message: `: why` where a reason was given, else a full stop. */
export function suffix(message: string | undefined): string {
  return message ? `: ${message}` : ".";
}
