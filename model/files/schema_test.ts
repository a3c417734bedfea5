import { assertEquals, assertThrows } from "@std/assert";
import { FileFormatError } from "./errors.ts";
import { anyRecord, listOf, nullOr, oneNameOf, readCount, readFlag, readNumber, readText, recordOf } from "./schema.ts";

const place = { file: "a.yc", path: "" };

const layer = recordOf({ kind: readText, units: readCount }, { bias: readFlag });
const network = recordOf({ name: readText, layers: listOf(layer) }, {});

Deno.test("a record is read unchanged, with or without its optional fields", () => {
  const value = { name: "mlp", layers: [{ kind: "dense", units: 5 }, { kind: "dense", units: 0, bias: false }] };
  assertEquals(network(value, place), value);
  assertEquals(recordOf({}, {})({}, place), {});
});

Deno.test("readers of plain values accept valid values, and nothing else", () => {
  const refused = [undefined, null, {}, []];
  for (
    const [read, taken, others] of [
      [readText, ["a", " "], ["", 1, true]],
      [readNumber, [0, -1.5, NaN, Infinity], ["1", true]],
      [readCount, [0, 7], [-1, 0.5, 2 ** 53, "1"]],
      [readFlag, [true, false], [0, "true"]],
      [oneNameOf("%", ""), ["%", ""], ["percent", 1]],
      [anyRecord, [{ a: [1] }], ["a", 1]],
    ] as const
  ) {
    for (const value of taken) assertEquals(read(value, place), value);
    for (const value of others) assertThrows(() => read(value, place), FileFormatError);
    for (const value of refused.filter((value) => !(read === anyRecord && value instanceof Object))) {
      assertThrows(() => read(value, place), FileFormatError);
    }
  }
  assertEquals([nullOr(readCount)(null, place), nullOr(readCount)(3, place)], [null, 3]);
  assertThrows(() => nullOr(readCount)("3", place), FileFormatError, "expected a whole number of at least 0");
});

Deno.test("an invalid value is named with its path", () => {
  const refuse = (value: unknown, message: string) =>
    assertThrows(() => network(value, place), FileFormatError, message);
  refuse(null, "Cannot read a.yc: expected a record at the top level, got null");
  refuse({ layers: [] }, 'expected the field "name" at the top');
  refuse({ name: "mlp", layers: {} }, "expected a list as layers");
  refuse(
    { name: "mlp", layers: [{ kind: "dense", units: 5 }, { kind: "", units: 5 }] },
    "a nonempty string as layers[1].kind",
  );
  refuse({ name: "mlp", layers: [{ kind: "dense" }] }, 'expected the field "units" as layers[0]');
  refuse({ name: "mlp", layers: [{ kind: "dense", units: 5, bais: true }] }, '"bais": did you mean bias?');
  refuse({ name: "mlp", layers: [], extra: 1 }, 'expected known fields at the top level, got "extra"');
});
