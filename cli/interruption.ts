/**
 * Ctrl-C: the first one asks for an orderly end, the second one ends the program.
 *
 * @module
 */

import { exitCodes } from "./errors.ts";

/** Listening for interruptions. */
export interface Interruption {
  /** Fires at the first one. */
  readonly signal: AbortSignal;
  /** Listens no more. */
  forget(): void;
}

/** Begins to listen. */
export function listen(): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) Deno.exit(exitCodes.interrupted);
    controller.abort();
  };
  // Windows knows no SIGTERM.
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  return {
    signal: controller.signal,
    forget: () => signals.forEach((signal) => Deno.removeSignalListener(signal, interrupt)),
  };
}
