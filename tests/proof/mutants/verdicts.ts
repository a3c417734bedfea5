/**
 * The verdicts on mutants of the tree as it is, kept in the temporary folder, so that a run which was ended goes on
 * where it was, and one after new reasons for survivors tries nothing again.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { Mutant } from "./draw.ts";
import { keptFolder } from "./test_map.ts";
import { filesOfTree, root } from "./tree_copy.ts";
import type { Verdict } from "./trial.ts";

/** Files that change no verdict: pages, and the reasons for survivors. */
const UNCONCERNED = /\.md$|^tests\/proof\/mutants\/accepted\w*\.ts$/;

/** A digest of all files of the tree that could change a verdict. */
export async function digestOfTree(): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const path of (await filesOfTree()).filter((path) => !UNCONCERNED.test(path))) {
    // A file that was removed but not committed is still listed.
    const bytes = await Deno.readFile(join(root, path)).catch(() => new Uint8Array());
    const content = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    parts.push(new TextEncoder().encode(`${path}\0`), content);
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer())).toHex();
}

const keyOf = ({ file, start, end, replacement }: Mutant): string => `${file}:${start}:${end}:${replacement}`;

/** The verdicts on mutants of one tree. */
export class KeptVerdicts {
  readonly #known: Map<string, Verdict>;

  private constructor(readonly path: string, known: readonly (readonly [string, Verdict])[]) {
    this.#known = new Map(known);
  }

  /** Those that are kept for the tree with a digest. */
  static async open(digest: string, folder: string = join(keptFolder(), "verdicts")): Promise<KeptVerdicts> {
    const path = join(folder, `${digest}.json`);
    const text = await Deno.readTextFile(path).catch(() => "[]");
    return new KeptVerdicts(path, JSON.parse(text));
  }

  /** The verdict on a mutant, if it was tried before. */
  of(mutant: Mutant): Verdict | undefined {
    return this.#known.get(keyOf(mutant));
  }

  /** Keeps a verdict. */
  keep(mutant: Mutant, verdict: Verdict): void {
    this.#known.set(keyOf(mutant), verdict);
    Deno.mkdirSync(dirname(this.path), { recursive: true });
    const unfinished = `${this.path}.new`;
    Deno.writeTextFileSync(unfinished, JSON.stringify([...this.#known]));
    Deno.renameSync(unfinished, this.path);
  }
}
