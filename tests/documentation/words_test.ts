import { assertEquals } from "@std/assert";
import { root } from "./pages.ts";
import { phrases } from "./phrases.ts";
import { pageProse, sourceProse } from "./prose.ts";

/** The files and folders whose prose is checked. */
const checked = [
  ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs", "examples", "tests/documentation"],
  ...["core", "layers", "optim", "data", "model", "views", "cli", "bench", "scripts", "tests"],
];

/** The files that list the phrases. */
const lists = ["tests/documentation/phrases.ts", "tests/documentation/words_test.ts"];

/** The files at a path from the root: itself, or all in the folder. */
async function* filesAt(path: string): AsyncGenerator<string> {
  if ((await Deno.stat(root + path)).isFile) return yield path;
  for await (const { name } of Deno.readDir(root + path)) yield* filesAt(`${path}/${name}`);
}

function proseOf(path: string, text: string): string {
  if (path.endsWith(".md")) return pageProse(text);
  if (path.endsWith(".ts")) return sourceProse(text);
  return path.endsWith(".html") ? text : "";
}

/** Phrases in the prose of a file that must be written differently. */
function problemsIn(path: string, text: string): string[] {
  const prose = proseOf(path, text);
  return phrases.flatMap(({ pattern, better }) =>
    [...prose.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(({ 0: found, index }) => {
      const line = prose.slice(0, index).split("\n").length;
      return `${path}:${line}: write "${better}", not "${found.replaceAll(/\s+/g, " ")}"`;
    })
  );
}

Deno.test("the prose of pages, comments and messages has none of the phrases to avoid", async () => {
  const problems: string[] = [];
  for (const path of checked) {
    for await (const file of filesAt(path)) {
      if (!lists.includes(file)) problems.push(...problemsIn(file, await Deno.readTextFile(root + file)));
    }
  }
  assertEquals(problems, []);
});

Deno.test("a phrase is found across lines, and the message says where it is and what to write", () => {
  const text = `/**\n * The number of images, 5 where not\n * given.\n */\nconst behaviour = "behaviour";`;
  assertEquals(problemsIn("a.ts", text), [`a.ts:2: write "default: …", not "where not given"`]);
  assertEquals(problemsIn("a.md", "The `behaviour`,\nthe colour"), [
    `a.md:2: write "the American spelling", not "colour"`,
  ]);
});
