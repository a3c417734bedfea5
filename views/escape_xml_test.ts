import { assertEquals } from "@std/assert";
import { escapeXml } from "./escape_xml.ts";

Deno.test("no character of a text is taken for a mark of XML or HTML", () => {
  assertEquals(escapeXml(`<a href="x">it's & more</a>`), "&lt;a href=&quot;x&quot;&gt;it&#39;s &amp; more&lt;/a&gt;");
  assertEquals(escapeXml("ünïcode, 数字\tand\nlines"), "ünïcode, 数字\tand\nlines");
});

Deno.test("what XML does not allow is replaced", () => {
  assertEquals(escapeXml("a\x00b\x1bc\x0bd"), "a\ufffdb\ufffdc\ufffdd");
});
