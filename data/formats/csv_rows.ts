/**
 * The rows of a CSV text, as defined by RFC 4180.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc4180 | RFC 4180}
 *
 * @module
 */

const [LINE_FEED, CARRIAGE_RETURN, SPACE, NO_BREAK_SPACE] = [0x0a, 0x0d, 0x20, 0xa0];

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

/**
 * The rows of a text, one after the other; empty lines are skipped. A field that starts with a quote may contain
 * delimiters, ends of lines, and doubled quotes.
 */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  const endOfLine = /\r\n|\n|\r|$/g;
  let line = 1;
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at < text.length;) {
    endOfLine.lastIndex = at;
    const { index, 0: end } = endOfLine.exec(text)!;
    const content = text.slice(at, index);
    // Most files contain no quotes, and splitting is much faster than matching field by field.
    const { fields, next, lines } = content.includes('"')
      ? rowAt(text, at, delimiter)
      : { fields: content.split(delimiter).map((field) => field.trim()), next: index + end.length, lines: 1 };
    if (fields.length > 1 || fields[0] !== "") yield { line, fields };
    line += lines;
    at = next;
  }
}

/** The fields of the row that starts at `at`, the start of the next row, and the number of lines of the row. */
function rowAt(text: string, at: number, delimiter: string): { fields: string[]; next: number; lines: number } {
  const fields: string[] = [];
  for (let start = at;;) {
    const { field, end } = fieldAt(text, start, delimiter);
    fields.push(field);
    start = end + delimiter.length;
    if (text.startsWith(delimiter, end)) continue;
    const next = end + (text.startsWith("\r\n", end) ? 2 : end < text.length ? 1 : 0);
    return { fields, next, lines: text.slice(at, next).match(/\r\n|\n|\r/g)?.length ?? 1 };
  }
}

/** A field, and the position of the delimiter or of the end of the line behind it. */
interface Field {
  readonly field: string;
  readonly end: number;
}

/** The field that starts at `at`. No pattern matches a whole field, because patterns use the stack for long ones. */
function fieldAt(text: string, at: number, delimiter: string): Field {
  const start = afterBlanks(text, at, delimiter);
  const quoted = text.startsWith('"', start) ? quotedAt(text, start, delimiter) : undefined;
  if (quoted) return quoted;
  let end = start;
  while (!isEnd(text, end, delimiter)) end++;
  return { field: text.slice(start, end).trimEnd(), end };
}

/** The quoted field that starts at `start`; undefined if its closing quote is missing, or anything follows it. */
function quotedAt(text: string, start: number, delimiter: string): Field | undefined {
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) return undefined;
  const end = afterBlanks(text, close + 1, delimiter);
  return isEnd(text, end, delimiter) ? { field: text.slice(start + 1, close).replaceAll('""', '"'), end } : undefined;
}

/** Whether a field ends here: at the end of a line or of the text, or at a delimiter. */
function isEnd(text: string, at: number, delimiter: string): boolean {
  const code = text.charCodeAt(at);
  if (code === LINE_FEED || code === CARRIAGE_RETURN || at >= text.length) return true;
  return code === delimiter.charCodeAt(0) && text.startsWith(delimiter, at);
}

function afterBlanks(text: string, at: number, delimiter: string): number {
  let after = at;
  while (isBlank(text.charCodeAt(after)) && !isEnd(text, after, delimiter)) after++;
  return after;
}

/** Whether a code is that of a blank; letters of ASCII, which most are, are not looked up. */
function isBlank(code: number): boolean {
  if (code > SPACE && code < NO_BREAK_SPACE) return false;
  return code === SPACE || /\s/.test(String.fromCharCode(code));
}
