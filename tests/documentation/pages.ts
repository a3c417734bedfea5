/**
 * The pages of the documentation, parsed: their code, their headings, their links.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

/** The folder of the repository, with a slash at its end. */
export const root: string = fromFileUrl(new URL("../../", import.meta.url));

/** A fenced block. */
export interface Block {
  /** The line of its fence, counted from 1. */
  readonly line: number;
  /** The words after the fence: the language and other marks. */
  readonly words: readonly string[];
  readonly text: string;
}

/** A page. */
export interface Page {
  /** Its path from the root. */
  readonly path: string;
  readonly blocks: readonly Block[];
  /** The text outside of fenced and indented blocks. */
  readonly prose: string;
}

/** Parses a page. */
export function parsePage(path: string, text: string): Page {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { line: number; fence: string; words: string[]; lines: string[] } | undefined;
  text.split("\n").forEach((line, i) => {
    const [, fence, info = ""] = /^\s*(`{3,})(.*)$/.exec(line) ?? [];
    if (open && fence === open.fence) {
      blocks.push({ line: open.line, words: open.words, text: open.lines.join("\n") });
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (fence) open = { line: i + 1, fence, words: info.trim().split(/\s+/).filter(Boolean), lines: [] };
    else if (!line.startsWith("    ")) prose.push(line);
  });
  if (open) throw new Error(`${path}:${open.line}: the block is never closed`);
  return { path, blocks, prose: prose.join("\n") };
}

async function pathsOf(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isFile } of Deno.readDir(root + folder)) {
    if (isFile && name.endsWith(".md")) paths.push(folder + name);
  }
  return paths.sort();
}

/** All pages of the documentation. */
export async function readPages(): Promise<Page[]> {
  const folders = ["core", "core/nest", "core/wasm", "core/webgpu", "layers", "tests"];
  const readmes = folders.map((folder) => `${folder}/README.md`);
  const paths = [...await pathsOf(""), ...await pathsOf("docs/"), ...readmes];
  return await Promise.all(paths.map(async (path) => parsePage(path, await Deno.readTextFile(root + path))));
}

/** The anchors of a page, derived from its headings as GitHub does. */
export function anchorsOf({ prose }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of prose.matchAll(/^#{1,6} +(.+)$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, "").replaceAll(" ", "-");
    let unique = anchor;
    for (let i = 1; anchors.has(unique); i++) unique = `${anchor}-${i}`;
    anchors.add(unique);
  }
  return anchors;
}

/** The targets of the links and pictures of a page. */
export function linksOf({ prose }: Page): string[] {
  const withoutCode = prose.replaceAll(/`[^`\n]*`/g, "");
  return [...withoutCode.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, target]) => target);
}
