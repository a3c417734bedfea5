/**
 * Reads the values of a part of a column: its pages are checked and unpacked here, and a library makes values of them.
 *
 * @module
 */

import type { ColumnMetaData, DecodedArray, ParquetParsers, SchemaElement } from "hyparquet";
import { loadReader } from "../libraries/reading_libraries.ts";
import { checkPage } from "./check_page.ts";
import type { ColumnPart } from "./footer.ts";
import { type PageHeader, pageHeader } from "./page_header.ts";
import { ThriftReader } from "./thrift.ts";
import { UnsupportedError } from "./unsupported.ts";
import { isKnownCodec, unpackPage } from "./unpack_page.ts";

/** A part of a column that is read. */
export interface PartRequest {
  /** The name of the file, for messages. */
  readonly name: string;
  readonly element: SchemaElement;
  readonly part: ColumnPart;
  /** The bytes of its pages. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The number of rows. */
  readonly rows: number;
}

/** The values of a part: null or undefined if one is missing. */
export interface PartValues {
  readonly chunks: readonly DecodedArray[];
  /** How many are missing. */
  readonly missing: number;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Other bytes would all become the same replacement character, and different texts would become equal. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes && decoder.decode(bytes);
  } catch {
    throw new RangeError("a text is not in UTF-8");
  }
}

const notRead = (): never => {
  throw new RangeError("it has values of a kind that is not read");
};

/** Times become milliseconds since 1970, and texts strings. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (time) => Number(time),
  timestampFromMicroseconds: (time) => Number(floorDiv(BigInt(time), 1000n)),
  timestampFromNanoseconds: (time) => Number(floorDiv(BigInt(time), 1_000_000n)),
  dateFromDays: (days) => Number(days) * 86_400_000,
  stringFromBytes: textOf,
  jsonFromBytes: textOf,
  geometryFromBytes: notRead,
  geographyFromBytes: notRead,
};

function floorDiv(number: bigint, by: bigint): bigint {
  return number / by - (number % by < 0n ? 1n : 0n);
}

/**
 * Reads a part of a column.
 *
 * @throws {Error} if it is damaged, or of a kind that is not supported.
 */
export async function readPart(request: PartRequest): Promise<PartValues> {
  const { element, part, bytes, rows } = request;
  const { contents, missing } = await checkedPages(request);
  const { parquetRead } = await loadReader("hyparquet", "read a Parquet file");
  const chunks: DecodedArray[] = [];
  let next = 0;
  await parquetRead({
    // The library is given nothing but this part, so it can read nothing else.
    file: { byteLength: bytes.length, slice: (begin, end) => bytes.slice(begin, end).buffer },
    metadata: {
      version: 1,
      schema: [{ name: "root", num_children: 1 }, element],
      num_rows: BigInt(rows),
      row_groups: [{
        columns: [{ file_offset: 0n, meta_data: metadataOf(request) }],
        total_byte_size: 0n,
        num_rows: BigInt(rows),
      }],
      metadata_length: 0,
    },
    ...{ parsers, geoparquet: false },
    compressors: part.codec === undefined ? {} : { [part.codec]: () => contents[next++] },
    onChunk: ({ columnData }) => void chunks.push(columnData),
  });
  const found = chunks.reduce((sum, { length }) => sum + length, 0);
  if (found !== rows) throw new RangeError(`a column has ${found} values in ${rows} rows`);
  return { chunks, missing };
}

function metadataOf({ element, part, bytes }: PartRequest): ColumnMetaData {
  return {
    type: element.type!,
    encodings: [],
    path_in_schema: [element.name],
    codec: part.codec!,
    num_values: BigInt(part.count),
    total_uncompressed_size: BigInt(part.unpacked),
    total_compressed_size: BigInt(bytes.length),
    data_page_offset: 0n,
  };
}

/**
 * Checks all pages that the library will read.
 *
 * @returns the unpacked contents of packed pages, in order, and the number of missing values.
 */
async function checkedPages(
  request: PartRequest,
): Promise<{ readonly contents: Uint8Array[]; readonly missing: number }> {
  const { element, part, bytes, rows, name } = request;
  if (part.codec === undefined || !isKnownCodec(part.codec)) {
    throw new UnsupportedError(
      `expected columns that are packed with snappy, gzip or zstd, got ${
        part.codec ?? "an unknown codec"
      }; write the file again`,
    );
  }
  const facts = { isOptional: element.repetition_type !== "REQUIRED", isBoolean: element.type === "BOOLEAN" };
  const reader = new ThriftReader(bytes);
  const contents: Uint8Array[] = [];
  let [seen, missing, unpacked] = [0, 0, 0];
  while (seen < rows) {
    const header = pageHeader(reader);
    const packed = bytes.subarray(reader.position, reader.position + header.packed);
    reader.position += header.packed;
    unpacked += header.unpacked;
    if (reader.position > bytes.length || unpacked > part.unpacked) {
      throw new RangeError("its pages have too many bytes");
    }
    if (header.kind !== "dictionary") seen += header.count;
    if (seen > rows) throw new RangeError(`a column has more than ${rows} values`);
    const levels = packed.subarray(0, header.missingBytes);
    const length = header.unpacked - header.missingBytes;
    if (length < 0 || levels.length < header.missingBytes) throw new RangeError("a page is cut short");
    const inner = packed.subarray(header.missingBytes);
    // Pages of missing values alone have no content. Some writers pack it all the same; the library does not unpack it.
    const isEmpty = header.kind === "values 2" && length === 0;
    const isPacked = part.codec !== "UNCOMPRESSED" && header.isPacked && !(isEmpty && inner.length === 0);
    const content = await unpackPage(inner, { codec: isPacked ? part.codec : "UNCOMPRESSED", length, name });
    checkEncoding(header, element);
    missing += checkPage({ header, content, levels, ...facts });
    if (isPacked && !isEmpty) contents.push(content);
  }
  return { contents, missing };
}

/** Values that are split into their bytes must have a fixed number of them. */
function checkEncoding({ encoding, count }: PageHeader, { type }: SchemaElement): void {
  if (encoding !== "split" || count === 0 || type !== "FIXED_LEN_BYTE_ARRAY" && type !== "BYTE_ARRAY") return;
  throw new UnsupportedError(
    "expected numbers or plain encoding, got other values with encoding 9; write the file again",
  );
}
