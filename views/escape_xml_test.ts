import { assertEquals } from "@std/assert";
import { escapeXml } from "./escape_xml.ts";

Deno.test("characters of XML and HTML markup are escaped", () => {
  assertEquals(escapeXml(`<a href="x">it's & more</a>`), "&lt;a href=&quot;x&quot;&gt;it&#39;s &amp; more&lt;/a&gt;");
  assertEquals(escapeXml("ünïcode, 数字\tand\nlines"), "ünïcode, 数字\tand\nlines");
});

Deno.test("characters that XML does not allow are replaced", () => {
  assertEquals(escapeXml("a\x00b\x1bc\x0bd"), "a\ufffdb\ufffdc\ufffdd");
});
