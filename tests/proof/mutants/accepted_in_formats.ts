/**
 * Mutants of `data/formats/` that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import { type Accepted, ofLine } from "./accepted_mutant.ts";

/** Mutants of `data/formats/` that may survive. */
export const acceptedInFormats: readonly Accepted[] = [
  ...ofLine(
    {
      file: "data/formats/csv_rows.ts",
      context: "if (this.#isLong) return this.#field(text, at, isLast);",
      reason: "a shortcut: both ways pass on the same fields",
    },
    ...["if (this.#isLong) return this.#field(text, at, isLast); → ;", "this.#isLong → !(this.#isLong)"],
  ),
  ...ofLine(
    {
      file: "data/formats/inflate.ts",
      context: "for (let taken = PIECE_BYTES;; taken *= 2) {",
      reason: "how much is unpacked at a time",
    },
    ...["2 → 3", "2 → (2 * 2)"],
  ),
  ...ofLine(
    {
      file: "data/formats/inflate.ts",
      context:
        "const length = Math.min(most, GREATEST_RATIO * packed.length, Math.max(LEAST_CHUNK, hintOf(packed, wrapping)));",
      reason: "how much memory is taken at first",
    },
    ...["(most)", "(GREATEST_RATIO * packed.length)"].map((kept) =>
      `Math.min(most, GREATEST_RATIO * packed.length, Math.max(LEAST_CHUNK, hintOf(packed, wra… → ${kept}`
    ),
    ...["(GREATEST_RATIO)", "(packed.length)"].map((kept) => `GREATEST_RATIO * packed.length → ${kept}`),
    ...["packed.length → (packed.length - 1)", "packed.length → (packed.length + 1)", "Math.max → Math.min"],
    ...["(LEAST_CHUNK)", "(hintOf(packed, wrapping))"].map((kept) =>
      `Math.max(LEAST_CHUNK, hintOf(packed, wrapping)) → ${kept}`
    ),
  ),
  ...ofLine(
    {
      file: "data/formats/inflate.ts",
      context: 'if (wrapping !== "gzip") return Infinity;',
      reason: "how much memory is taken at first",
    },
    ...['if (wrapping !== "gzip") return Infinity; → ;', 'wrapping !== "gzip" → !(wrapping !== "gzip")'],
  ),
  ...ofLine(
    {
      file: "data/formats/inflate.ts",
      context: "return byteLength < 4 ? 0 : new DataView(buffer, byteOffset + byteLength - 4).getUint32(0, true);",
      reason: "how much memory is taken at first",
    },
    ...["4 → 5", "4 → (2 * 4)", "0 → (-1)", "true → false", "byteOffset + byteLength - 4 → (4)"],
  ),
  ...ofLine(
    {
      file: "data/formats/csv_numbers.ts",
      context: 'if (field.length === 1 && field >= "0" && field <= "9") return field.charCodeAt(0) - ZERO;',
      reason: "a shortcut: what follows reads the same number",
    },
    ...['field >= "0" → (field > "0")', 'field <= "9" → (field < "9")'],
  ),
  ...ofLine(
    {
      file: "data/formats/csv_numbers.ts",
      context: "return field.length > LONGEST_WORD ? undefined : numberWords.get(field.toLowerCase());",
      reason: "a shortcut: no longer field is one of the words",
    },
    "field.length → (field.length - 1)",
  ),
  {
    file: "data/formats/csv.ts",
    context:
      "if (!this.#fault && (this.#width === undefined || column < this.#width)) this.#values.add(number ?? NaN);",
    name: "!this.#fault && (this.#width === undefined || column < this.#width) → (!this.#fault)",
    reason: "a row with more fields is refused at its end, with all that was added",
  },
  {
    file: "data/formats/csv_rows.ts",
    context: "return code === SPACE || /\\s/.test(String.fromCharCode(code));",
    name: "code === SPACE || /\\s/.test(String.fromCharCode(code)) → (/\\s/.test(String.fromCharCode(code)))",
    reason: "a shortcut: a space is a blank by the pattern, too",
  },
  ...ofLine(
    {
      file: "data/formats/csv_rows.ts",
      context: "return code === delimiter.charCodeAt(0) && text.startsWith(delimiter, at);",
      reason: "a shortcut: what starts with the delimiter has its first code",
    },
    "code === delimiter.charCodeAt(0) && text.startsWith(delimiter, at) → (text.startsWith(delimiter, at))",
  ),
  {
    file: "data/formats/csv_rows.ts",
    context: "while (close >= 0 && text[close + 1] === '\"') close = text.indexOf('\"', close + 2);",
    name: "close >= 0 → (close > 0)",
    reason: "a quote ends behind the position at which it begins, so never at 0",
  },
  {
    file: "data/formats/byte_source.ts",
    context: "if (begin >= position + bytes.length) break;",
    name: "begin >= position + bytes.length → (begin > position + bytes.length)",
    reason: "of the next chunk, nothing is taken",
  },
  {
    file: "data/formats/gzip.ts",
    context: "if (zero < 0) return undefined;",
    name: "zero < 0 → (zero <= 0)",
    reason: "fields are behind the fixed ones, so never at 0",
  },
  ...ofLine(
    {
      file: "data/formats/inflate.ts",
      context: "if (taken >= packed.length) return Uint8Array.from(unpackNow(packed));",
      reason: "the whole stream is unpacked once more, with the same result",
    },
    "taken >= packed.length → (taken > packed.length)",
  ),
  {
    file: "data/formats/inflate.ts",
    context: "if (at >= packed.length) return controller.close();",
    name: "at >= packed.length → (at > packed.length)",
    reason: "no bytes are passed on once more",
  },
  {
    file: "data/formats/inflate.ts",
    context: "return byteLength < 4 ? 0 : new DataView(buffer, byteOffset + byteLength - 4).getUint32(0, true);",
    name: "byteLength < 4 → (byteLength <= 4)",
    reason: "how much memory is taken at first; no stream of four bytes is whole",
  },
  {
    file: "data/formats/npy_source.ts",
    context: "const most = Math.floor(this.#scratch.length / Math.max(1, bytes));",
    name: "Math.max(1, bytes) → (bytes)",
    reason: "of rows without bytes, any number can be read at once",
  },
  {
    file: "data/formats/npy_source.ts",
    context: "last + 1 < order.length && numberAt(last + 1) - begin < most &&",
    name: "last + 1 < order.length → (last + 1 <= order.length)",
    reason: "nothing past the end is near",
  },
  ...ofLine(
    {
      file: "data/formats/python_literal.ts",
      context: "if (end < 0) this.#refuse(`a closing ${quote}`);",
      reason: "a quote ends behind the position at which it begins, so never at 0",
    },
    "end < 0 → (end <= 0)",
  ),
  {
    file: "data/formats/read_promised.ts",
    context: 'const fault = length < bytes ? "it is cut short" : "bytes follow its end";',
    name: "length < bytes → (length <= bytes)",
    reason: "here the lengths differ",
  },
  {
    file: "data/formats/zip.ts",
    context: "const tail = viewOf(await source.read(tailBegin, size - tailBegin));",
    name: "size - tailBegin → (size + tailBegin)",
    reason: "no more is read than the file has",
  },
  {
    file: "data/formats/zip.ts",
    context: "if (size > most) throw new RangeError(`${size - most} of them or more belong to no entry`);",
    name: "size > most → (size >= most)",
    reason: "a round bound, above all that is usual, on what hostile input may cost",
  },
  {
    file: "data/formats/npy_format.ts",
    context: "return element.bytes === element.array.BYTES_PER_ELEMENT && (littleEndian || element.bytes === 1);",
    name: "littleEndian || element.bytes === 1 → (littleEndian)",
    reason: "a shortcut: single bytes are read one by one to the same values",
  },
  {
    file: "data/formats/inflate.ts",
    context: "return byteLength < 4 ? 0 : new DataView(buffer, byteOffset + byteLength - 4).getUint32(0, true);",
    name: "byteOffset + byteLength → (byteLength)",
    reason: "how much memory is taken at first",
  },
  {
    file: "data/formats/zip.ts",
    context: "return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length));",
    name: "view.byteOffset + at → (at)",
    reason: "what is read has memory of its own, in which it begins at 0",
  },
];
