import { assertEquals } from "@std/assert";
import { columnTypeOf, kindInWords } from "./column_kinds.ts";

Deno.test("decimal numbers have from 1 to 16 bytes", () => {
  const typeOf = (bytes: number) =>
    columnTypeOf({ name: "x", type: "FIXED_LEN_BYTE_ARRAY", type_length: bytes, converted_type: "DECIMAL" });
  assertEquals([0, 1, 16, 17].map(typeOf), [undefined, "number", "number", undefined]);
});

Deno.test("numbers of 16 bits have two bytes, and repeated ones are no column", () => {
  const fixed = { name: "x", type: "FIXED_LEN_BYTE_ARRAY" } as const;
  const half = (bytes: number) => columnTypeOf({ ...fixed, type_length: bytes, logical_type: { type: "FLOAT16" } });
  assertEquals([half(2), half(3)], ["number", undefined]);
  assertEquals(columnTypeOf({ ...fixed, type_length: 2 }), undefined);
  assertEquals(columnTypeOf({ ...fixed, type_length: 16, logical_type: { type: "UUID" } }), "text");
  assertEquals(columnTypeOf({ name: "x", type_length: 5, converted_type: "DECIMAL" }), undefined);
  assertEquals(columnTypeOf({ name: "x", type: "INT32" }), "number");
  assertEquals(columnTypeOf({ name: "x", type: "INT32", repetition_type: "REPEATED" }), undefined);
});

Deno.test("bytes are texts if nothing else is said about them", () => {
  const typeOf = (annotation?: "UTF8" | "DECIMAL" | "BSON") =>
    columnTypeOf({ name: "x", type: "BYTE_ARRAY", ...annotation && { converted_type: annotation } });
  assertEquals([typeOf(), typeOf("UTF8"), typeOf("DECIMAL"), typeOf("BSON")], ["text", "text", undefined, undefined]);
});

Deno.test("kinds of columns are named by what they are annotated as, otherwise by their types", () => {
  assertEquals(kindInWords({ name: "x", type: "FIXED_LEN_BYTE_ARRAY", converted_type: "INTERVAL" }), "INTERVAL");
  assertEquals(kindInWords({ name: "x", type: "FIXED_LEN_BYTE_ARRAY", num_children: 0 }), "FIXED_LEN_BYTE_ARRAY");
  assertEquals(kindInWords({ name: "x", num_children: 1 }), "lists or records");
  assertEquals(kindInWords({ name: "x", type: "INT32", repetition_type: "REPEATED" }), "lists or records");
  assertEquals(kindInWords({ name: "x" }), "nothing");
});
