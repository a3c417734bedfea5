/**
 * The text of a journal: one line of JSON for the definition of the search, and one for each row.
 *
 * @module
 */

import { FileFormatError } from "../files/errors.ts";
import { type FileFormat, readFormat } from "../files/format.ts";
import { type Json, readJson, writeJson } from "../files/json.ts";
import {
  anyRecord,
  type JsonReader,
  listOf,
  nullOr,
  oneNameOf,
  readAnyText,
  readCount,
  readNumber,
  readText,
  recordOf,
  unexpected,
} from "../files/schema.ts";
import { type Definition, definitionRecord, digestOfDefinition } from "./definition.ts";
import { type Label, labelsOf, type SearchRow } from "./row.ts";

/** The formats of journals; the number is in the first line. */
export const JOURNAL_FORMAT: FileFormat = { kind: "the journal of a search", number: 1, readable: [1] };

const LINE_END = "\n".charCodeAt(0);

/** The content of a journal. */
export interface JournalContent {
  readonly definition: Definition;
  readonly rows: readonly SearchRow[];
  /** The number of bytes of its complete lines. The rest was being written when the process or the machine stopped. */
  readonly bytes: number;
}

const json: JsonReader<Json> = (value) => value as Json;

const labels: JsonReader<Readonly<Record<string, Label>>> = (value, place) => {
  const values = anyRecord(value, place);
  for (const [name, label] of Object.entries(values)) {
    if (typeof label === "object" && label !== null) throw unexpected("a plain value", label, { ...place, path: name });
  }
  return values as Readonly<Record<string, Label>>;
};

const definition = recordOf<Definition, object>({
  kind: readText,
  size: readCount,
  searched: listOf(readText),
  values: anyRecord,
  ranges: anyRecord,
  draws: json,
  train: anyRecord,
  giveUp: json,
  build: readText,
  about: anyRecord,
  versions: anyRecord,
}, {});

interface Header {
  readonly journal: number;
  readonly digest: string;
  readonly definition: Definition;
}

const header = recordOf<Header, object>({ journal: readCount, digest: readText, definition }, {});

/** The fields of a row that earlier versions did not write. */
type LaterFields = Required<Pick<SearchRow, "validationLoss" | "testLoss">>;

const row = recordOf<Omit<SearchRow, keyof LaterFields>, LaterFields>({
  number: readCount,
  hyperparameters: labels,
  outcome: oneNameOf("trained", "gaveUp", "failed"),
  validationError: nullOr(readNumber),
  testError: nullOr(readNumber),
  errorUnit: oneNameOf("%", ""),
  bestIteration: nullOr(readCount),
  epochs: readCount,
  errors: listOf(nullOr(readNumber)),
  seconds: readNumber,
  device: readAnyText,
  failure: nullOr(recordOf<NonNullable<SearchRow["failure"]>, object>({ name: readAnyText, message: readAnyText }, {})),
}, { validationLoss: nullOr(readNumber), testLoss: nullOr(readNumber) });

/** The first line of the journal of a search. */
export function headerLine(definition: Definition): string {
  const digest = digestOfDefinition(definition);
  return `${writeJson({ journal: JOURNAL_FORMAT.number, digest, definition: definitionRecord(definition) })}\n`;
}

/** The line of one row. */
export function rowLine(row: SearchRow): string {
  return `${writeJson({ ...row, hyperparameters: labelsOf(row.hyperparameters) })}\n`;
}

/**
 * Reads the text of a journal. An incomplete last line is ignored: it was being written when the process or the machine
 * stopped.
 *
 * @param file The name of the journal in messages.
 * @throws {FileFormatError} if it is not a journal, is of a later version, or a line before the last one is damaged.
 */
export function readJournalText(content: Uint8Array, file: string): JournalContent {
  const lines = new TextDecoder().decode(content).split("\n").slice(0, -1);
  if (lines.length === 0) {
    throw new FileFormatError(
      file,
      "the journal of a search",
      content.length === 0 ? "an empty file" : "one incomplete line",
    );
  }
  const { definition } = readHeader(lines[0], file);
  const rows = lines.slice(1).map((line, i) => {
    try {
      const place = `line ${i + 2} of ${file}`;
      return readRow(line, place, definition);
    } catch (error) {
      if (i + 2 === lines.length) return undefined;
      throw error;
    }
  });
  const whole = rows.filter((one) => one !== undefined);
  return { definition, rows: whole, bytes: bytesOfLines(content, 1 + whole.length) };
}

/** The number of bytes of the first lines, which may differ from those that encoding their text would give. */
function bytesOfLines(content: Uint8Array, lines: number): number {
  let end = 0;
  for (let line = 0; line < lines; line++) end = content.indexOf(LINE_END, end) + 1;
  return end;
}

function readHeader(line: string, file: string): Header {
  const place = `line 1 of ${file}`;
  const value = anyRecord(readJson(line, place), { file: place, path: "" });
  const version = value.journal;
  if (version === undefined) throw new FileFormatError(place, "the journal of a search", "another record");
  readFormat(JOURNAL_FORMAT, version, place);
  const found = header(value, { file: place, path: "" });
  const digest = digestOfDefinition(found.definition);
  if (digest === found.digest) return found;
  throw new FileFormatError(place, `a definition of digest ${found.digest}`, `digest ${digest}: the line was changed`);
}

function readRow(line: string, place: string, { size }: Definition): SearchRow {
  const found = row(readJson(line, place), { file: place, path: "" });
  if (found.number < size) return found;
  throw new FileFormatError(place, `a combination below ${size}`, `combination ${found.number}`);
}
