/**
 * The headers of pages, which are the parts of a column.
 *
 * @see {@link https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift | the format}
 *
 * @module
 */

import { UnsupportedError } from "./unsupported.ts";
import type { ThriftReader, ThriftStruct } from "./thrift.ts";

/** How the values of a page are written, as far as they are read; the numbers are those of the format. */
export const encodings = {
  0: "plain",
  2: "dictionary",
  3: "runs",
  5: "differences",
  6: "lengths",
  8: "dictionary",
  9: "split",
} as const;

/** How the values of a page are written. */
export type PageEncoding = (typeof encodings)[keyof typeof encodings];

/** The header of a page. */
export interface PageHeader {
  readonly kind: "values" | "values 2" | "dictionary";
  /** Bytes of the content before packing. */
  readonly unpacked: number;
  /** Bytes of the content in the file. */
  readonly packed: number;
  /** The number of values, also of missing ones. */
  readonly count: number;
  readonly encoding: PageEncoding;
  /** Of pages of the second kind: the number of missing values, the bytes of their list, and whether the rest is packed. */
  readonly missing: number;
  readonly missingBytes: number;
  readonly isPacked: boolean;
}

const kinds = new Map<unknown, { readonly kind: PageHeader["kind"]; readonly field: number }>([
  [0, { kind: "values", field: 5 }],
  [2, { kind: "dictionary", field: 7 }],
  [3, { kind: "values 2", field: 8 }],
]);

/**
 * The next header.
 *
 * @throws {RangeError} if it is damaged, or of a kind that is not supported.
 */
export function pageHeader(reader: ThriftReader): PageHeader {
  const fields = reader.struct();
  const found = kinds.get(fields.get(1));
  const own = found && fields.get(found.field);
  if (!found || !(own instanceof Map)) throw new RangeError(`it has a page of the unknown kind ${fields.get(1)}`);
  const { kind } = found;
  const isSecond = kind === "values 2";
  const encoding = kind === "dictionary" ? "plain" : encodingOf(own.get(isSecond ? 4 : 2));
  const count = sizeIn(own, 1);
  if (isSecond && (sizeIn(own, 3) !== count || sizeIn(own, 6, 0) !== 0)) throw new RangeError("it has a page of lists");
  return {
    ...{ kind, encoding, count },
    unpacked: sizeIn(fields, 2),
    packed: sizeIn(fields, 3),
    missing: isSecond ? sizeIn(own, 2) : 0,
    missingBytes: isSecond ? sizeIn(own, 5) : 0,
    isPacked: !isSecond || own.get(7) !== false,
  };
}

function sizeIn(fields: ThriftStruct, number: number, otherwise?: number): number {
  const size = fields.get(number) ?? otherwise;
  if (typeof size === "number" && size >= 0) return size;
  throw new RangeError(`it has a page with ${size} as field ${number}`);
}

function encodingOf(number: unknown): PageEncoding {
  const found = Object.entries(encodings).find(([known]) => Number(known) === number);
  if (found) return found[1];
  throw new UnsupportedError(
    `expected values with plain or dictionary encoding, got encoding ${number}; write the file again`,
  );
}
