/**
 * The rows of a CSV text, as defined by RFC 4180, which may arrive in pieces.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc4180 | RFC 4180}
 *
 * @module
 */

import { DataError } from "../errors.ts";

const [LINE_FEED, CARRIAGE_RETURN, SPACE, NO_BREAK_SPACE] = [0x0a, 0x0d, 0x20, 0xa0];

/** Longer lines are read field by field, so that their fields need not be in memory at the same time. */
const LONG_LINE = 2 ** 20;

/** How many characters of a long line are read at once. */
const MANY_CHARACTERS = 2 ** 14;

/** The longest field of a text that arrives in pieces, in characters. */
const MOST_CHARACTERS = 2 ** 22;

/** More of the text is needed. */
const WAIT = -1;

/** How a field is written: without quotes, in quotes, or malformed, since it starts with a quote but does not end with one. */
export type FieldForm = "plain" | "quoted" | "malformed";

/** What takes the fields of a text. */
export interface CsvSink {
  /**
   * Takes the text of a field of the row that starts on this line, without quotes and surrounding blanks. The quotes of
   * a malformed field are left.
   */
  field(text: string, form: FieldForm, line: number): void;
  /** Ends a row, which starts on this line, counted from 1; empty lines end rows of one empty field. */
  endRow(line: number): void;
  /** Refuses a field of the row on this line, because it is too long. */
  refuseLength(line: number, most: number): never;
}

/** A field that is too long: its line and its column, counted from 1, and the most characters. */
interface LongField {
  readonly line: number;
  readonly column: number;
  readonly most: number;
}

/** The error about a field that is too long, in a text of this name. */
export function tooLong(name: string, { line, column, most }: LongField): DataError {
  return new DataError(
    `Cannot read line ${line} of ${name}: expected fields of at most ${most} characters, got more in column ${column}; ` +
      "close quotes, and check the delimiter",
  );
}

/** Whether a value can separate columns: one character, neither a quote nor the end of a line. */
export function isDelimiter(value: unknown): value is string {
  return typeof value === "string" && [...value].length === 1 && !/["\r\n]/.test(value);
}

/** Passes the fields of a text, which arrives in pieces, to a sink. */
export class CsvScanner {
  /** What was not passed yet. */
  #text = "";
  #line = 1;
  /** The lines of the current row before its current field. */
  #lines = 0;
  #isInRow = false;
  /** Whether the current row is long, and no quote was seen in it. */
  #isLong = false;

  constructor(readonly delimiter: string, readonly sink: CsvSink) {}

  /** The line, counted from 1, to which the pieces so far lead. */
  get line(): number {
    return this.#line + this.#lines + this.#text.split("\n").length - 1;
  }

  /** Adds a piece. */
  add(text: string): void {
    this.#text += text;
    this.#scan(false);
    if (this.#text.length > MOST_CHARACTERS) this.sink.refuseLength(this.#line, MOST_CHARACTERS);
  }

  /** Ends the text with its last piece. */
  end(text = ""): void {
    this.#text += text;
    this.#scan(true);
  }

  #scan(isLast: boolean): void {
    const text = this.#text;
    let at = 0;
    for (let next = 0; next !== WAIT;) {
      at = next;
      if (this.#isInRow) next = this.#field(text, at, isLast);
      else next = at < text.length ? this.#row(text, at, isLast) : WAIT;
    }
    this.#text = text.slice(at);
  }

  /** Reads the short line that starts at `at`, otherwise its first field; returns where the next one starts. */
  #row(text: string, at: number, isLast: boolean): number {
    const endOfLine = /\r\n|\n|\r|$/g;
    endOfLine.lastIndex = at;
    const { index, 0: end } = endOfLine.exec(text)!;
    const next = index + end.length;
    this.#isLong = index - at > LONG_LINE;
    if (this.#isLong) return this.#field(text, at, isLast);
    if (!isLast && next === text.length) return WAIT;
    const content = text.slice(at, index);
    // Most files contain no quotes, and splitting is much faster than matching field by field.
    if (content.includes('"')) return this.#field(text, at, isLast);
    for (const field of content.split(this.delimiter)) this.sink.field(field.trim(), "plain", this.#line);
    this.sink.endRow(this.#line++);
    return next;
  }

  /** Reads the field that starts at `at`; returns where the next one starts. */
  #field(text: string, at: number, isLast: boolean): number {
    const { delimiter, sink } = this;
    if (this.#isLong) {
      const next = this.#manyFields(text, at);
      if (next !== WAIT) return next;
    }
    const found = fieldAt(text, at, delimiter);
    // Something that follows shows where a field ends, and whether a quote is closed.
    if (!isLast && (found.isOpen || found.end + delimiter.length >= text.length)) return WAIT;
    // Only now, because a long field that arrives in pieces is looked at several times.
    const field = found.isQuoted ? found.field.replaceAll('""', '"') : found.field;
    sink.field(field, found.isMalformed ? "malformed" : found.isQuoted ? "quoted" : "plain", this.#line);
    if (found.isQuoted) this.#lines += linesIn(found.field);
    this.#isInRow = text.startsWith(delimiter, found.end);
    if (this.#isInRow) return found.end + delimiter.length;
    sink.endRow(this.#line);
    this.#line += 1 + this.#lines;
    this.#lines = 0;
    return found.end + (text.startsWith("\r\n", found.end) ? 2 : 1);
  }

  /** Reads some of the fields of a long line at once, unless there are quotes; they are followed by others. */
  #manyFields(text: string, at: number): number {
    const end = text.lastIndexOf(this.delimiter, at + MANY_CHARACTERS);
    const part = text.slice(at, Math.max(at, end));
    this.#isLong = part !== "" && !/["\r\n]/.test(part);
    if (!this.#isLong) return WAIT;
    for (const field of part.split(this.delimiter)) this.sink.field(field.trim(), "plain", this.#line);
    this.#isInRow = true;
    return end + this.delimiter.length;
  }
}

/** A field, and the position of the delimiter or of the end of the line behind it. */
interface Field {
  /** Its text; if it is quoted, with its inner quotes doubled. */
  readonly field: string;
  readonly end: number;
  /** Whether it starts with a quote, but does not end with one. */
  readonly isMalformed?: boolean;
  /** Whether its closing quote is missing. */
  readonly isOpen?: boolean;
  /** Whether it was enclosed in quotes. */
  readonly isQuoted?: boolean;
}

/** The field that starts at `at`. No pattern matches a whole field, because patterns use the stack for long ones. */
function fieldAt(text: string, at: number, delimiter: string): Field {
  const start = afterBlanks(text, at, delimiter);
  if (!text.startsWith('"', start)) return plainAt(text, start, delimiter);
  const close = closingQuote(text, start);
  if (close < 0) return { ...plainAt(text, start, delimiter), isMalformed: true, isOpen: true };
  const end = afterBlanks(text, close + 1, delimiter);
  if (!isEnd(text, end, delimiter)) return { ...plainAt(text, start, delimiter), isMalformed: true };
  return { field: text.slice(start + 1, close), end, isQuoted: true };
}

/** The number of ends of lines. */
function linesIn(text: string): number {
  let lines = 0;
  for (const endOfLine = /\r\n|\n|\r/g; endOfLine.test(text);) lines++;
  return lines;
}

/** The field that starts at `start`, and ends at the next delimiter or at the end of the line. */
function plainAt(text: string, start: number, delimiter: string): Field {
  let end = start;
  while (!isEnd(text, end, delimiter)) end++;
  return { field: text.slice(start, end).trimEnd(), end };
}

/** The position of the quote that closes the one at `start`; negative if it is missing. */
function closingQuote(text: string, start: number): number {
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  return close;
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
