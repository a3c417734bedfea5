import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { result } from "../../model/search/test_rows.ts";
import { searchHtml } from "./html_table.ts";
import { searchSvg } from "./picture.ts";

Deno.test("a page has the picture and a row for each combination, and all text is escaped", () => {
  const html = searchHtml(result);
  assertStringIncludes(html, "Cannot &lt;b&gt;add&lt;/b&gt; &quot;a&quot;,\n`b` | c &amp; d");
  assert(!html.includes("<b>"));
  assertStringIncludes(html, searchSvg(result));
  assertEquals(html.match(/<tr><td>(\d)/g), ["<tr><td>2", "<tr><td>1", "<tr><td>0"]);
  assertStringIncludes(html, "<td>3.333 %</td><td>4.000 %</td>");
});

Deno.test("seconds are shown if requested", () => {
  assert(!searchHtml(result).includes("<th>seconds</th>"));
  const html = searchHtml(result, { seconds: true });
  assertStringIncludes(html, "<th>seconds</th><th>failure</th>");
  assertStringIncludes(html, "<td>1.3</td>");
});
