/**
 * The output of a program.
 *
 * @module
 */

/** Two streams: results, and everything else. */
export interface Output {
  /** Writes a line of the result. */
  result(line: string): void;
  /** Writes messages and progress. */
  note(text: string): void;
  /** The width of the terminal of notes, in columns; `undefined` if there is no terminal. */
  columns(): number | undefined;
  /** The width of the terminal of results, in columns; `undefined` if there is no terminal. */
  resultColumns?(): number | undefined;
}

const encoder = new TextEncoder();

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
}

/** Standard output and standard error. */
export const standardOutput: Output = {
  result: (line) => write(Deno.stdout, `${line}\n`),
  note: (text) => write(Deno.stderr, text),
  columns: () => columnsOf(Deno.stderr),
  resultColumns: () => columnsOf(Deno.stdout),
};

function columnsOf(stream: { isTerminal(): boolean }): number | undefined {
  if (!stream.isTerminal()) return undefined;
  try {
    return Deno.consoleSize().columns;
  } catch {
    // The terminal does not report its size.
    return 80;
  }
}
