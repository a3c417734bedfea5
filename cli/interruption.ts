/**
 * Ctrl-C: the first one requests an orderly end, the second one ends the program at once. A closed terminal requests an
 * orderly end, too.
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

/** Whether this process goes on when its terminal is closed; undefined before the first listener hides that. */
let outlivesTerminal: boolean | undefined;

/** Starts to listen. */
export function listen(): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) Deno.exit(exitCodes.interrupted);
    controller.abort();
  };
  // When a terminal is closed, the shell and the system may both say so.
  outlivesTerminal ??= ignoresHangUp();
  const hangUp = outlivesTerminal ? () => {} : () => controller.abort();
  const isWindows = Deno.build.os === "windows";
  const listeners: readonly (readonly [Deno.Signal, () => void])[] = [
    ["SIGINT", interrupt],
    ...isWindows ? [] : [["SIGTERM", interrupt], ["SIGHUP", hangUp]] as const,
  ];
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return {
    signal: controller.signal,
    forget: () => listeners.forEach(([signal, listener]) => Deno.removeSignalListener(signal, listener)),
  };
}

/**
 * Whether this process was started to outlive its terminal, as with nohup. Deno ends such a process all the same once it
 * listens for any signal. Where the system does not say so, it is assumed if no stream is a terminal, since nohup
 * redirects them.
 */
function ignoresHangUp(): boolean {
  const path = "/proc/self/status";
  try {
    // Without permission, Deno would ask for it.
    const mayRead = Deno.permissions.querySync({ name: "read", path }).state === "granted";
    const status = mayRead ? Deno.readTextFileSync(path) : "";
    const ignored = /^SigIgn:\s*(?<mask>[\da-f]+)$/m.exec(status)?.groups?.mask;
    if (ignored !== undefined) return (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    // Only Linux has this file, and reading it needs all permissions.
  }
  return ![Deno.stdin, Deno.stdout, Deno.stderr].some((stream) => stream.isTerminal());
}
