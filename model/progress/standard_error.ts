/**
 * The standard error of this process, for messages that are not results.
 *
 * @module
 */

import { permittedVariable } from "../../core/environment.ts";
import type { ProgressOutput } from "./watch_training.ts";

/** The width that is assumed of a terminal that does not report its own. */
const USUAL_WIDTH = 80;

/** A stream of Deno that may be a terminal. */
export interface DenoStream {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** A stream of Node that may be a terminal. */
interface NodeStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * The standard error of Deno, Node and Bun; undefined in browsers. What cannot be written is left out, because the
 * training is worth more. No permission is needed.
 */
export function standardError(): ProgressOutput | undefined {
  if (globalThis.Deno?.stderr) {
    const columns = (): number | undefined => denoColumns(Deno.stderr);
    return { columns, note: (text) => attempt(() => writeText(Deno.stderr, text)) };
  }
  const stream = (globalThis.process as { readonly stderr?: NodeStream } | undefined)?.stderr;
  if (typeof stream?.write !== "function") return undefined;
  return {
    columns: () => stream.isTTY === true && !isDumb() ? stream.columns || USUAL_WIDTH : undefined,
    note: (text) => attempt(() => stream.write(text)),
  };
}

/** The width of a terminal in Deno; undefined if it is none, or one that cannot move its cursor. */
export function denoColumns(stream: DenoStream): number | undefined {
  if (!stream.isTerminal() || isDumb()) return undefined;
  try {
    return Deno.consoleSize().columns || USUAL_WIDTH;
  } catch {
    return USUAL_WIDTH;
  }
}

/** Whether the terminal cannot move its cursor, as far as the environment says so. */
function isDumb(): boolean {
  return permittedVariable("TERM") === "dumb";
}

const encoder = new TextEncoder();

/** Writes the whole text. */
export function writeText(stream: Pick<DenoStream, "writeSync">, text: string): void {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
}

/** Writes something, if that is possible: what a program computes is worth more than its messages. */
export function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The disk is full, or the program that reads it has ended.
  }
}
