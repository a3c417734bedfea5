import { assertEquals } from "@std/assert";
import { areChained } from "./chained_rows.ts";

Deno.test("reductions of short rows and of few elements may share a kernel", () => {
  assertEquals(areChained({ length: 8192, rows: 1e6 }), true);
  assertEquals(areChained({ length: 8193, rows: 7 }), true);
  assertEquals(areChained({ length: 8193, rows: 8 }), false);
  assertEquals(areChained({ length: 65536, rows: 1 }), true);
  assertEquals(areChained({ length: 65537, rows: 1 }), false);
  assertEquals(areChained({ length: 0, rows: 0 }), true);
});
