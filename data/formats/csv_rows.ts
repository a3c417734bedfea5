/**
 * The rows of a CSV text, as defined by RFC 4180.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc4180 | RFC 4180}
 *
 * @module
 */

/** A row of fields. */
export interface CsvRow {
  /** The line on which the row starts, from 1. */
  readonly line: number;
  /** The texts of the fields, without quotes and surrounding blanks. */
  readonly fields: readonly string[];
}

/** Whether a value can separate columns: one character, neither a quote nor the end of a line. */
export function isDelimiter(value: unknown): value is string {
  return typeof value === "string" && [...value].length === 1 && !/["\r\n]/.test(value);
}

/** Matches a field and its end: the delimiter, the end of the line, or nothing at the end of the text. */
function fieldPattern(delimiter: string): RegExp {
  const end = `\\u{${delimiter.codePointAt(0)?.toString(16)}}`;
  const blanks = `(?:(?!${end})[^\\S\\r\\n])*`;
  const quoted = `"(?<quoted>[^"]*(?:""[^"]*)*)"${blanks}`;
  const plain = `(?<plain>[^${end}\\r\\n]*)`;
  return new RegExp(`${blanks}(?:${quoted}|${plain})(?<end>${end}|\\r\\n|\\n|\\r|$)`, "yu");
}

/**
 * The rows of a text, one after the other; empty lines are skipped. A field that starts with a quote may contain
 * delimiters, ends of lines, and doubled quotes.
 */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  const pattern = fieldPattern(delimiter);
  const endOfLine = /\r\n|\n|\r|$/g;
  let line = 1;
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at < text.length;) {
    endOfLine.lastIndex = at;
    const { index, 0: end } = endOfLine.exec(text)!;
    const content = text.slice(at, index);
    // Most files contain no quotes, and splitting is much faster than matching field by field.
    const { fields, next, lines } = content.includes('"')
      ? matchRow(text, at, pattern)
      : { fields: content.split(delimiter).map((field) => field.trim()), next: index + end.length, lines: 1 };
    if (fields.length > 1 || fields[0] !== "") yield { line, fields };
    line += lines;
    at = next;
  }
}

/** The fields of the row that starts at `at`, the start of the next row, and the number of lines of the row. */
function matchRow(text: string, at: number, pattern: RegExp): { fields: string[]; next: number; lines: number } {
  const fields: string[] = [];
  pattern.lastIndex = at;
  for (;;) {
    const { quoted, plain, end } = pattern.exec(text)?.groups ?? {};
    fields.push(quoted?.replaceAll('""', '"') ?? plain?.trimEnd() ?? "");
    if (end !== undefined && !/^[\r\n]*$/.test(end)) continue;
    const next = pattern.lastIndex;
    return { fields, next, lines: text.slice(at, next).match(/\r\n|\n|\r/g)?.length ?? 1 };
  }
}
