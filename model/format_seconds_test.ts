import { assertEquals } from "@std/assert";
import { formatSec } from "./format_seconds.ts";

Deno.test("times below a minute have three decimals", () => {
  assertEquals(formatSec(0), "0.000 s");
  assertEquals(formatSec(0.1234), "0.123 s");
  assertEquals(formatSec(59.9994), "59.999 s");
});

Deno.test("longer times start with their largest unit", () => {
  assertEquals(formatSec(59.9996), "01 m 00 s");
  assertEquals(formatSec(149), "02 m 29 s");
  assertEquals(formatSec(3600), "01 h 00 m 00 s");
  assertEquals(formatSec(7384.6), "02 h 03 m 05 s");
  assertEquals(formatSec(86400 * 12 + 1), "12 d 00 h 00 m 01 s");
});
