/**
 * Reads Parquet files column by column, and group of rows by group of rows.
 *
 * @module
 */

import type { SchemaElement } from "hyparquet";
import { nearestName } from "../../core/nearest.ts";
import type { OptionValues } from "../../core/options/option.ts";
import { showText, showValue } from "../../core/options/show.ts";
import type { WebFile } from "../../core/web_file.ts";
import { DataError, messageOf } from "../errors.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { limitOf } from "../formats/limits.ts";
import { LibraryError } from "../libraries/load_library.ts";
import { Table } from "../table/table.ts";
import type { readParquetOptions } from "../table/read_parquet.ts";
import { columnTypeOf, kindInWords } from "./column_kinds.ts";
import { type ColumnPart, type Footer, readFooter, type RowGroupFacts } from "./footer.ts";
import { ColumnBuilder } from "./part_column.ts";
import { readPart } from "./read_part.ts";
import { UnsupportedError } from "./unsupported.ts";

type Options = OptionValues<typeof readParquetOptions>;

const MARK = "PAR1";
const ENCRYPTED = "PARE";

/** Bytes of the length of the footer and of the mark at the end. */
const END_BYTES = 8;

/** The least limit of the footer's bytes, and its part of a higher limit. */
const LEAST_FOOTER = 2 ** 20;
const FOOTER_PART = 2 ** -10;

/** Bytes in memory of a value, while it is read. */
const VALUE_BYTES = 16;

/** A file that is open. */
interface OpenParquet {
  readonly source: ByteSource;
  readonly size: number;
  readonly limit: number;
}

/** Reads a table of a Parquet file; see `readParquet`. */
export async function loadParquet(file: string | URL | WebFile, options: Options): Promise<Table> {
  using source = await openBytes(file);
  const limit = limitOf(options.limitBytes, source.size);
  const size = await source.lengthUpTo(limit);
  if (size > limit) {
    throw new DataError(
      `Cannot read ${source.name}: expected at most ${limit} bytes, got more; if you trust the file, raise the option \`limitBytes\``,
    );
  }
  const open: OpenParquet = { source, size, limit };
  try {
    return await tableOf(open, await footerOf(open), options);
  } catch (cause) {
    if (cause instanceof DataError || cause instanceof LibraryError) throw cause;
    if (cause instanceof RangeError && cause.message.startsWith("Cannot ")) throw cause;
    if (cause instanceof UnsupportedError) {
      throw new DataError(`Cannot read ${source.name}: ${cause.message}`, { cause });
    }
    throw new DataError(
      `Cannot read ${source.name}: expected a complete Parquet file, got a damaged one (${showText(messageOf(cause))})`,
      { cause },
    );
  }
}

async function footerOf({ source, size, limit }: OpenParquet): Promise<Footer> {
  const end = await source.read(Math.max(0, size - END_BYTES), END_BYTES);
  const mark = String.fromCharCode(...end.subarray(4));
  if (mark === ENCRYPTED) throw new DataError(`Cannot read ${source.name}: it is encrypted, which is not supported`);
  if (end.length < END_BYTES || mark !== MARK) {
    throw new DataError(
      `Cannot read ${source.name}: expected a Parquet file, which ends with ${MARK}, got ${
        showText(mark) || "an empty file"
      }`,
    );
  }
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  const most = Math.max(LEAST_FOOTER, Math.floor(limit * FOOTER_PART));
  if (length > most) {
    throw new DataError(
      `Cannot read ${source.name}: expected at most ${most} bytes that describe its columns, got ${length}; if you trust ` +
        "the file, raise the option `limitBytes`",
    );
  }
  if (length > size - END_BYTES) throw new RangeError("it is cut short");
  return readFooter(await source.read(size - END_BYTES - length, length));
}

async function tableOf(open: OpenParquet, footer: Footer, options: Options): Promise<Table> {
  const { source: { name } } = open;
  const selected = selectedOf(name, footer.columns, options);
  const total = footer.groups.reduce((sum, { rows }) => sum + rows, 0);
  const [begin, end] = [Math.min(options.begin, total), Math.min(options.end ?? total, total)];
  const groups = groupsIn(footer.groups, begin, end);
  checkPromise(open, selected, groups);
  const origin = { file: name };
  const columns = [];
  for (const element of selected) {
    const builder = new ColumnBuilder(element.name, columnTypeOf(element)!, Math.max(0, end - begin));
    for (const { group, first } of groups) {
      const rows = { first: Math.max(0, begin - first), last: Math.min(group.rows, end - first) };
      await addPart(builder, { open, element, group, rows });
    }
    columns.push(builder.column(origin));
  }
  return new Table(columns, Math.max(0, end - begin));
}

/** The columns that are read, in the order of the option, otherwise of the file. */
function selectedOf(name: string, columns: readonly SchemaElement[], { select }: Options): SchemaElement[] {
  const names = columns.map((column) => column.name);
  const twice = names.find((one, i) => names.indexOf(one) < i);
  if (twice !== undefined) throw new RangeError(`it has two columns ${twice}`);
  const chosen = (select ?? names).map((one) => {
    const found = columns.find((column) => column.name === one);
    if (found) return found;
    const nearest = nearestName(one, names);
    throw new RangeError(
      `Cannot read column ${showValue(one)} of ${name}: the file does not have it` +
        (nearest === undefined ? "" : `; did you mean ${showText(nearest)}?`),
    );
  });
  for (const element of chosen) {
    if (columnTypeOf(element) !== undefined) continue;
    throw new DataError(
      `Cannot read column ${
        showValue(element.name)
      } of ${name}: expected numbers, texts, dates, or true and false, got ${
        kindInWords(element)
      }; name the other columns with the option \`select\``,
    );
  }
  return [...new Set(chosen)];
}

/** The groups that have some of the rows, and their first rows. */
function groupsIn(
  groups: readonly RowGroupFacts[],
  begin: number,
  end: number,
): { readonly group: RowGroupFacts; readonly first: number }[] {
  let first = 0;
  return groups.map((group) => {
    const own = { group, first };
    first += group.rows;
    return own;
  }).filter(({ group, first }) => group.rows > 0 && first < end && first + group.rows > begin);
}

/** Throws if the columns promise more bytes than allowed. */
function checkPromise(
  { source: { name }, limit }: OpenParquet,
  selected: readonly SchemaElement[],
  groups: readonly { readonly group: RowGroupFacts }[],
): void {
  let bytes = 0;
  for (const { group } of groups) {
    for (const { name } of selected) bytes += VALUE_BYTES * group.rows + partOf(group, name).unpacked;
  }
  if (bytes <= limit) return;
  throw new DataError(
    `Cannot read ${name}: expected at most ${limit} bytes, got columns that promise ${bytes}; name some of them with the ` +
      "option `select`, or some rows with `begin` and `end`, or raise the option `limitBytes`",
  );
}

function partOf({ parts }: RowGroupFacts, name: string): ColumnPart {
  const found = parts.filter(({ path }) => path.length === 1 && path[0] === name);
  if (found.length !== 1) throw new RangeError(`a group of rows has ${found.length} parts of column ${name}`);
  return found[0];
}

/** A part of a column, of which some rows are wanted. */
interface WantedPart {
  readonly open: OpenParquet;
  readonly element: SchemaElement;
  readonly group: RowGroupFacts;
  readonly rows: { readonly first: number; readonly last: number };
}

async function addPart(builder: ColumnBuilder, { open, element, group, rows }: WantedPart): Promise<void> {
  const { source, size } = open;
  const part = partOf(group, element.name);
  if (part.isElsewhere) throw new RangeError("its columns are in other files");
  if (part.count !== group.rows || part.begin + part.packed > size - END_BYTES) {
    throw new RangeError(`column ${element.name} has ${part.count} values in ${group.rows} rows, or is cut short`);
  }
  const bytes = await source.read(part.begin, part.packed);
  const { chunks, missing } = await readPart({ name: source.name, element, part, bytes, rows: group.rows });
  let [begin, found] = [0, 0];
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i++) if (chunk[i] === null || chunk[i] === undefined) found++;
    builder.add(chunk, Math.max(0, rows.first - begin), Math.max(0, Math.min(chunk.length, rows.last - begin)));
    begin += chunk.length;
  }
  if (found !== missing) throw new RangeError(`column ${element.name} has values that are not in its dictionary`);
}
