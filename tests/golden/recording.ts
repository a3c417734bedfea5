/**
 * Recorded texts: what the package prints, draws, computes and writes for fixed arguments, compared character by
 * character with files in `tests/golden/texts/`. `deno task record` records them anew, if they are meant to change.
 *
 * @module
 */

import { assert } from "@std/assert";

/** Texts that are recorded in one file. */
export interface Recording {
  /** The name of the file, without its extension. */
  readonly name: string;
  /** Makes the texts, by title. They must depend neither on the machine nor on the time. */
  readonly texts: () => Promise<Readonly<Record<string, string>>>;
}

const HEAD = "=== ";

function pathOf({ name }: Recording): string {
  return `${import.meta.dirname}/texts/${name}.txt`;
}

function fileOf(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).map(([title, text]) => `${HEAD}${title}\n${visible(text)}\n`).join("");
}

/** The texts of a file by title. */
function textsIn(file: string): Record<string, string> {
  const parts = `\n${file}`.split(`\n${HEAD}`).slice(1);
  return Object.fromEntries(parts.map((part) => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end + 1).replace(/\n$/, "")];
  }));
}

/** The first lines that differ, with what was recorded. */
function difference(recorded: string | undefined, found: string | undefined): string {
  if (recorded === undefined) return "  it is new";
  if (found === undefined) return "  it is missing";
  const [before, after] = [recorded.split("\n"), found.split("\n")];
  const lines = Math.max(before.length, after.length);
  const wrong = Array.from({ length: lines }, (_, i) => i).filter((i) => before[i] !== after[i]);
  const shown = wrong.slice(0, 5).map((i) => `  line ${i + 1}\n  - ${before[i] ?? ""}\n  + ${after[i] ?? ""}`);
  return [...shown, ...(wrong.length > 5 ? [`  and ${wrong.length - 5} more lines`] : [])].join("\n");
}

/** Writes the texts of a recording to its file. */
export async function record(recording: Recording): Promise<void> {
  await Deno.writeTextFile(pathOf(recording), fileOf(await recording.texts()));
}

/** Tests that the texts are those that were recorded. */
export function testRecording(recording: Recording): void {
  const fn = async (): Promise<void> => {
    const recorded = textsIn((await Deno.readTextFile(pathOf(recording))).replaceAll("\r\n", "\n"));
    const found = textsIn(fileOf(await recording.texts()));
    const titles = [...new Set([...Object.keys(recorded), ...Object.keys(found)])];
    const changed = titles.filter((title) => recorded[title] !== found[title]);
    const shown = changed.slice(0, 5).map((title) => `${title}:\n${difference(recorded[title], found[title])}`);
    assert(
      changed.length === 0,
      `${changed.length} texts of tests/golden/texts/${recording.name}.txt have changed. If they are meant to, record ` +
        `them with deno task record ${recording.name}, and look at what git diff shows.\n${shown.join("\n")}`,
    );
  };
  // Paths look different there.
  const ignore = Deno.build.os === "windows";
  Deno.test({ name: `${recording.name}: as recorded`, fn, ignore, sanitizeOps: false, sanitizeResources: false });
}

/** Characters that move the cursor or choose colors, as visible words. */
function visible(text: string): string {
  return text.replaceAll("\r", "⇤").replaceAll("\x1b", "ESC");
}

/** A digest of bytes, for what is too long to be recorded. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
