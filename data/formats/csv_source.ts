/**
 * Scans CSV files in pieces.
 *
 * @module
 */

import type { WebFile } from "../../core/web_file.ts";
import { DataError } from "../errors.ts";
import { openBytes } from "./byte_source.ts";
import { CsvScanner, type CsvSink } from "./csv_rows.ts";
import { limitOf } from "./limits.ts";
import { TextPieces } from "./text_pieces.ts";

/** How a file is scanned. */
export interface CsvScan {
  readonly delimiter: string;
  readonly limitBytes: number | undefined;
}

/**
 * Passes the fields of a file to a sink, which is returned.
 *
 * @param sinkOf makes the sink for a file of this name
 * @throws {DataError} if there are more bytes than allowed, or it is not a text in UTF-8.
 */
export async function scanCsv<S extends CsvSink>(
  file: string | URL | WebFile,
  { delimiter, limitBytes }: CsvScan,
  sinkOf: (name: string) => S,
): Promise<S> {
  using source = await openBytes(file);
  const { name, size } = source;
  const limit = limitOf(limitBytes, size);
  const sink = sinkOf(name);
  const scanner = new CsvScanner(delimiter, sink);
  const text = new TextPieces(name, () => scanner.line);
  let received = 0;
  for await (const piece of source.pieces()) {
    received += piece.length;
    if (received > limit) {
      throw new DataError(
        `Cannot read ${name}: expected at most ${limit} bytes, got more; if you trust the file, raise the option \`limitBytes\``,
      );
    }
    scanner.add(text.add(piece));
  }
  scanner.end(text.end());
  return sink;
}
