/**
 * Parquet files for tests, with one column, of which any part may lie.
 *
 * @module
 */

/** A field of a structure: its number, and its value. */
type Field = readonly [number: number, value: FieldValue];

/** A value of a structure: true or false, a 32-bit number, a 64-bit one, bytes, a list of structures or of bytes, or a structure. */
export type FieldValue = boolean | number | bigint | Uint8Array | readonly Fields[] | readonly Uint8Array[] | Fields;

/** The fields of a structure. */
export interface Fields {
  readonly fields: readonly Field[];
}

/** A structure. */
export function struct(...fields: readonly Field[]): Fields {
  return { fields };
}

/** A number with a sign as one without: 0, −1, 1, −2, … become 0, 1, 2, 3, … */
function zigzag(value: bigint): bigint {
  return value < 0n ? -2n * value - 1n : 2n * value;
}

/** A whole number without a sign, 7 bits a byte. */
export function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** A structure in Thrift's compact protocol. */
export function thriftOf({ fields }: Fields): number[] {
  let before = 0;
  return [
    ...fields.flatMap(([number, value]) => {
      const delta = number - before;
      before = number;
      const [type, bytes] = written(value);
      return [delta << 4 | type, ...bytes];
    }),
    0,
  ];
}

function written(value: FieldValue): [type: number, bytes: number[]] {
  if (typeof value === "boolean") return [value ? 1 : 2, []];
  if (typeof value === "number") return [5, varint(zigzag(BigInt(value)))];
  if (typeof value === "bigint") return [6, varint(zigzag(value))];
  if (value instanceof Uint8Array) return [8, [...varint(value.length), ...value]];
  if (!isList(value)) return [12, thriftOf(value)];
  const items = value.map((one) => one instanceof Uint8Array ? [...varint(one.length), ...one] : thriftOf(one));
  return [9, [0xf0 | (value[0] instanceof Uint8Array ? 8 : 12), ...varint(items.length), ...items.flat()]];
}

function isList(value: FieldValue): value is readonly Fields[] | readonly Uint8Array[] {
  return Array.isArray(value);
}

/** A page: its header, and its bytes. */
export interface TestPage {
  readonly header: Fields;
  readonly content: Uint8Array;
}

/** A page of plain values; `changes` replaces facts of its header. */
export function plainPage(
  content: Uint8Array,
  count: number,
  changes: { readonly unpacked?: number; readonly packed?: number; readonly encoding?: number } = {},
): TestPage {
  const { unpacked = content.length, packed = content.length, encoding = 0 } = changes;
  return {
    header: struct([1, 0], [2, unpacked], [3, packed], [5, struct([1, count], [2, encoding], [3, 3], [4, 3])]),
    content,
  };
}

/** A dictionary page. */
export function dictionaryPage(content: Uint8Array, count: number): TestPage {
  return { header: struct([1, 2], [2, content.length], [3, content.length], [7, struct([1, count], [2, 0])]), content };
}

/** Facts of a file, of which all have usual values. */
export interface TestParquet {
  readonly pages: readonly TestPage[];
  readonly rows: number;
  /** The number of the type in the format; default: 1, 32-bit whole numbers. */
  readonly type?: number;
  /** 0 if no value may be missing (default), 1 if some may. */
  readonly repetition?: number;
  /** 0 for no packing (default), 1 for snappy, 2 for gzip, 6 for zstd. */
  readonly codec?: number;
  /** Bytes of all pages before packing; default: those that the headers promise. */
  readonly unpacked?: bigint;
  /** The schema; default: one column. */
  readonly schema?: readonly Fields[];
  /** The groups of rows; default: the one that has the pages. */
  readonly groups?: (own: Fields) => readonly Fields[];
}

const text = new TextEncoder();

/** A file with a column `x`. */
export function parquetOf(
  { pages, rows, type = 1, repetition = 0, codec = 0, unpacked, schema, groups = (own) => [own] }: TestParquet,
): Uint8Array<ArrayBuffer> {
  const body = pages.flatMap(({ header, content }) => [...thriftOf(header), ...content]);
  const promised = pages.reduce((sum, { header }) => sum + Number(header.fields[1][1]), 0);
  const facts = struct(
    [1, type],
    [3, [text.encode("x")]],
    [4, codec],
    [5, BigInt(rows)],
    [6, unpacked ?? BigInt(promised)],
    [7, BigInt(body.length)],
    [9, 4n],
  );
  const group = struct([1, [struct([2, 4n], [3, facts])]], [2, BigInt(promised)], [3, BigInt(rows)]);
  const columns = schema ??
    [struct([4, text.encode("root")], [5, 1]), struct([1, type], [3, repetition], [4, text.encode("x")])];
  const footer = thriftOf(struct([1, 1], [2, columns], [3, BigInt(rows)], [4, groups(group)]));
  return withFooter([...text.encode("PAR1"), ...body], footer);
}

/** A file of some bytes and a footer. */
export function withFooter(body: ArrayLike<number>, footer: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(body.length + footer.length + 8);
  bytes.set(body);
  bytes.set(footer, body.length);
  new DataView(bytes.buffer).setUint32(body.length + footer.length, footer.length, true);
  bytes.set(text.encode("PAR1"), bytes.length - 4);
  return bytes;
}
