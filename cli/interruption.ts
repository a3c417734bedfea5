/**
 * Ctrl-C: the first one requests an orderly end, the second one ends the program at once.
 *
 * @module
 */

import { exitCodes } from "./errors.ts";

/** A listener for interruptions. */
export interface Interruption {
  /** Aborted at the first interruption. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  forget(): void;
}

/** Starts to listen. */
export function listen(): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) Deno.exit(exitCodes.interrupted);
    controller.abort();
  };
  // Windows has no SIGTERM.
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  return {
    signal: controller.signal,
    forget: () => signals.forEach((signal) => Deno.removeSignalListener(signal, interrupt)),
  };
}
