import { assertEquals } from "@std/assert";
import { pageProse, sourceProse } from "./prose.ts";

/** The words that are left. */
function wordsOf(prose: string): string[] {
  return prose.split(/\s+/).filter(Boolean);
}

const source = `
/**
 * Adds \`code\` and
 * words, as in "a quotation".
 */
import { a } from "./path.ts"; // why
const name = "name";
const help = "what it does";
const message = \`cannot read \${name + "no"} at all\`;
const pattern = /["\`] no words "/g;
const quotient = a / b / "a title";
`;

Deno.test("comments and sentences are the prose of a source file", () => {
  const words = ["Adds", "and", "words,", "as", "in", ".", "why", "what", "it", "does", "cannot", "read", "at", "all"];
  assertEquals(wordsOf(sourceProse(source)), [...words, "a", "title"]);
});

Deno.test("prose has the length and the lines of its file", () => {
  const prose = sourceProse(source);
  assertEquals(prose.length, source.length);
  assertEquals(prose.split("\n").length, source.split("\n").length);
  assertEquals(prose.split("\n")[3].trimEnd(), `   words, as in${" ".repeat('"a quotation"'.length + 1)}.`);
});

const page = `# A title

Some \`code\`, a [link](of/words.md) and "a
quotation".

    deno task indented

\`\`\`ts
const x = 1; // a comment
\`\`\`

\`\`\`text
printed lines
\`\`\`

The end`;

Deno.test("the prose of a page is its text and the comments in its code", () => {
  const words = ["#", "A", "title", "Some", ",", "a", "[link", "and", ".", "a", "comment", "The", "end"];
  assertEquals(wordsOf(pageProse(page)), words);
  assertEquals(pageProse(page).length, page.length);
});
