import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { readTable } from "../table/read_table.ts";
import { readCsv } from "./csv.ts";
import { gzip } from "./gzip.ts";
import { TextPieces } from "./text_pieces.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A text in UTF-16 with a byte order mark. */
function utf16(text: string, { isLittle }: { readonly isLittle: boolean }): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(2 + 2 * text.length));
  [0xfeff, ...Array.from(text, (letter) => letter.charCodeAt(0))].forEach((code, i) =>
    view.setUint16(2 * i, code, isLittle)
  );
  return new Uint8Array(view.buffer);
}

Deno.test("texts of other encodings are refused with their line, instead of becoming equal categories", async () => {
  const refuse = async (bytes: Uint8Array<ArrayBuffer>, message: string) => {
    for (const read of [readTable, readCsv]) {
      const error = await assertRejects(() => read(new File([bytes], "towns.csv")), DataError);
      assertEquals(error.message, `Cannot read ${message}`);
    }
  };
  const cure = "save it as UTF-8, in Excel as CSV UTF-8";
  const expected = "of towns.csv: expected a text in UTF-8, got";
  await refuse(latin1("town,size\nBern,1\nK\u00f6ln,2\nK\u00fcln,3\n"), `line 3 ${expected} other bytes; ${cure}`);
  await refuse(latin1("town,size\nKöln\u00e9"), `line 2 ${expected} other bytes; ${cure}`);
  for (const isLittle of [true, false]) {
    await refuse(utf16("town,size\nBern,1\n", { isLittle }), `line 1 ${expected} UTF-16; ${cure}`);
  }
  const unmarked = utf16("1,2\n3,4\n", { isLittle: true }).slice(2);
  await refuse(unmarked, `line 1 ${expected} a zero, as UTF-16 and other kinds of files have them; ${cure}`);
  await refuse(await gzip(utf8("1,2\n3,4\n")), `line 1 ${expected} a file that is compressed by gzip; unpack it`);
});

Deno.test("characters may be cut anywhere into pieces, and the byte order mark of UTF-8 is left out", () => {
  const bytes = utf8("\uFEFFa,Köln,\uFFFD,𝄞\n1,2,3,4\n");
  for (let size = 1; size < 9; size++) {
    const pieces = new TextPieces("a", () => 1);
    let text = "";
    for (let at = 0; at < bytes.length; at += size) text += pieces.add(bytes.subarray(at, at + size));
    assertEquals(text + pieces.end(), "a,Köln,\uFFFD,𝄞\n1,2,3,4\n");
  }
});

Deno.test("the line of a fault is counted through all pieces", async () => {
  for (const lines of [1, 100, 100_000]) {
    const start = utf8('town,"the\nsize"\n' + "Köln,12.5\n".repeat(lines));
    for (
      const [end, line] of [[latin1("a,b\nK\u00f6ln,2\n"), lines + 4], [Uint8Array.of(0x61, 0xc3), lines + 3]] as const
    ) {
      await assertRejects(
        () => readTable(new File([start, end], "a.csv")),
        DataError,
        `Cannot read line ${line} of a.csv`,
      );
    }
  }
  const cut = new TextPieces("a.csv", () => 7);
  cut.add(Uint8Array.of(0x31, 0x0a, 0xc3));
  assertThrows(() => cut.end(), DataError, "line 7 of a.csv");
});
