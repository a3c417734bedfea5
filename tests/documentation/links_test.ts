import { assertEquals } from "@std/assert";
import { join, relative } from "@std/path";
import { anchorsOf, linksOf, type Page, readPages, root } from "./pages.ts";

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The problem with a link, or null. */
async function problemOf(link: string, page: Page, pages: ReadonlyMap<string, Page>): Promise<string | null> {
  if (/^[a-z]+:/.test(link)) return null;
  const [file, anchor] = link.split("#");
  const path = file === "" ? page.path : relative(root, join(root, page.path, "..", file));
  if (!await exists(root + path)) return `${page.path}: ${link}: there is no ${path}`;
  if (anchor === undefined) return null;
  const target = pages.get(path);
  if (target && anchorsOf(target).has(anchor)) return null;
  return `${page.path}: ${link}: ${path} has no heading ${anchor}`;
}

Deno.test("all links between pages lead to a file, and their anchors to a heading", async () => {
  const pages = new Map((await readPages()).map((page) => [page.path, page]));
  const found = [...pages.values()].flatMap((page) => linksOf(page).map((link) => problemOf(link, page, pages)));
  assertEquals((await Promise.all(found)).filter((problem) => problem !== null), []);
});

Deno.test("every page of the documentation is linked from its index", async () => {
  const pages = await readPages();
  const index = pages.find(({ path }) => path === "docs/README.md");
  const linked = new Set(index ? linksOf(index).map((link) => `docs/${link.split("#")[0]}`) : []);
  const missing = pages.map(({ path }) => path).filter((path) => path.startsWith("docs/") && path !== index?.path)
    .filter((path) => !linked.has(path));
  assertEquals(missing, []);
});

/** Files that pages name as examples of new ones. */
const imagined = new Set(["layers/scale.ts"]);

/** The paths of this tree that a text names in code, with `{a,b}` written out. */
function pathsNamed({ prose }: Page): string[] {
  const folder = /^(?:core|optim|layers|data|model|views|cli|examples|tests|bench|scripts|docs|vendor)\//;
  const spans = [...prose.matchAll(/`([^`\s]+)`/g)].map(([, code]) => code).filter((code) => folder.test(code));
  return spans.filter((code) => /^[\w/.{},-]+$/.test(code)).flatMap((code) => {
    const [, before, list, after] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(code) ?? ["", code, "", ""];
    return list.split(",").map((one) => before + one + after);
  });
}

Deno.test("every file and folder that a page names exists", async () => {
  const missing: string[] = [];
  for (const page of await readPages()) {
    for (const path of pathsNamed(page)) {
      if (!imagined.has(path) && !await exists(root + path)) missing.push(`${page.path}: ${path}`);
    }
  }
  assertEquals(missing, []);
});
