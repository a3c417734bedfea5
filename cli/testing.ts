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
