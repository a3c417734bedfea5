/**
 * Helpers for tests of the command line.
 *
 * @module
 */

import { main } from "./mod.ts";

/** The exit code and output of a command line. */
export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line within this process. */
export async function run(...args: string[]): Promise<Finished> {
  const [out, err]: string[][] = [[], []];
  const output = {
    result: (line: string) => out.push(line),
    note: (text: string) => err.push(text),
    columns: () => undefined,
  };
  const code = await main(args, { call: "yadll", output });
  return { code, out: out.join("\n"), err: err.join("") };
}

/** The same; it is interrupted, as by Ctrl-C, when it first prints a note that begins with `beginning`. */
export async function runInterrupted(beginning: string, args: readonly string[]): Promise<Finished> {
  const [out, err]: string[][] = [[], []];
  let interrupt: () => void = () => {};
  const before = Deno.addSignalListener;
  Deno.addSignalListener = (signal, listener) => {
    if (signal === "SIGINT") interrupt = listener;
    before(signal, listener);
  };
  const note = (text: string): void => {
    err.push(text);
    if (text.startsWith(beginning)) interrupt();
  };
  try {
    const output = { result: (line: string) => out.push(line), note, columns: () => undefined };
    const code = await main(args, { call: "yadll", output });
    return { code, out: out.join("\n"), err: err.join("") };
  } finally {
    Deno.addSignalListener = before;
  }
}
