import { assertEquals, assertThrows } from "@std/assert";
import { anchorsOf, linksOf, parsePage } from "./pages.ts";

const text = `# A \`title\`, of words

See [there](other.md#a-part "title"), ![a picture](one.svg) and \`[not](this)\`.

\`\`\`ts ignore page
const x = 1;
\`\`\`

    [not](this-either)

## A part
## A part
`;

Deno.test("a page is parsed into blocks, anchors and links", () => {
  const page = parsePage("a.md", text);
  assertEquals(page.blocks, [{ line: 5, words: ["ts", "ignore", "page"], text: "const x = 1;" }]);
  assertEquals([...anchorsOf(page)], ["a-title-of-words", "a-part", "a-part-1"]);
  assertEquals(linksOf(page), ["other.md#a-part", "one.svg"]);
});

Deno.test("a block that is never closed is refused", () => {
  assertThrows(() => parsePage("a.md", "text\n```ts\n"), Error, "a.md:2: the block is never closed");
});
