import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { result, row } from "../../model/search/test_rows.ts";
import { resultOf } from "../../model/search/result.ts";
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

Deno.test("on narrow pages the picture has one column, and each row is a list with titles", () => {
  const html = searchHtml(result);
  assertStringIncludes(html, '<meta name="viewport" content="width=device-width, initial-scale=1">');
  const narrow = /<div class="narrow">\s*<svg[^>]*? width="(\d+)"/.exec(html)!;
  assert(Number(narrow[1]) <= 380, narrow[1]);
  const [, breakpoint, rules] = /@media \(max-width: (\d+)px\) \{([^]*?)\n\}/.exec(html)!;
  // Eight columns do not fit a telephone.
  assert(Number(breakpoint) > 500, breakpoint);
  assertStringIncludes(rules, '.records td:nth-child(2)::before { content: "rate" }');
  assertStringIncludes(rules, '.records td:nth-child(4)::before { content: "validation error" }');
});

Deno.test("names of hyperparameters cannot end the style sheet", () => {
  const name = '</style><b>"}\\';
  const html = searchHtml(resultOf([name], [row(0, { validationError: 1, hyperparameters: { [name]: 1 } })], 1));
  assertEquals(html.split("</style><b>").length, 1);
  assertStringIncludes(html, 'content: "\\3c \\2f style\\3e \\3c b\\3e \\22 \\7d \\5c "');
});
