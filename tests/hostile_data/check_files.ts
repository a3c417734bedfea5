/**
 * Checks that hostile files are read or refused, in little time and memory.
 *
 * @module
 */

import { join } from "@std/path";
import { hostileFile } from "./hostile_file.ts";
import type { Outcome } from "./reading_child.ts";
import type { Reader } from "./valid.ts";

/** The most milliseconds of the processor that a file may take. */
const MOST_MILLISECONDS = 5000;

/** The most bytes that a file may take in addition to twice what its header promises. */
const SPARE_BYTES = 2 ** 26;

/** A child that takes longer, in milliseconds, counts as hanging. */
const HANGS_AFTER = 60_000;

/** The most characters of a message, without the path, which is in it at most twice. */
const MOST_CHARACTERS = 700;

/** What became of many files. */
export interface Figures {
  readonly files: number;
  readonly refused: number;
  /** The files of each reader, and how many of them were refused. */
  readonly ofReader: Readonly<Record<Reader, { readonly files: number; readonly refused: number }>>;
  /** The greatest time in milliseconds, and the file that took it. */
  readonly slowest: readonly [milliseconds: number, title: string];
  /** The greatest memory beyond twice the promise, in bytes, and the file that took it. */
  readonly largest: readonly [bytes: number, title: string];
  /** What is wrong, one line per file. */
  readonly faults: readonly string[];
}

/** A process that reads files one after the other. */
class Child {
  readonly #process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--v8-flags=--expose-gc", new URL("reading_child.ts", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  readonly #input = this.#process.stdin.getWriter();
  readonly #output = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();

  /** What became of a file; undefined if the process ended, or hangs. */
  async read(reader: string, path: string): Promise<Outcome | undefined> {
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), HANGS_AFTER);
    try {
      await this.#input.write(new TextEncoder().encode(`${JSON.stringify({ reader, path })}\n`));
      let line = "";
      while (!line.endsWith("\n")) {
        const { done, value } = await this.#output.read();
        if (done) return undefined;
        line += value;
      }
      return JSON.parse(line);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#output.cancel().catch(() => {});
    await this.#process.status;
  }
}

/**
 * The outcome of a read with its memory, which the collector and the compiler of the process add to by chance: a file
 * that takes too much does so each time it is read.
 */
async function leastOf(read: () => Promise<Outcome | undefined>, most: number): Promise<Outcome | undefined> {
  let least = await read();
  for (let again = 0; again < 2 && least && (least.bytes ?? 0) > most; again++) {
    const next = await read();
    if (!next || (next.bytes ?? 0) < (least.bytes ?? 0)) least = next;
  }
  return least;
}

/** What is wrong with an outcome; undefined if nothing is. */
function faultOf(
  { error, message, milliseconds, bytes = 0 }: Outcome,
  path: string,
  promised: number,
): string | undefined {
  if (milliseconds > MOST_MILLISECONDS) return `it took ${Math.round(milliseconds)} ms`;
  if (bytes > 2 * promised + SPARE_BYTES) return `it took ${bytes} bytes, and promises ${promised}`;
  if (error === undefined) return undefined;
  const isTyped = ["DataError", "FileError"].includes(error) && message.startsWith("Cannot ") && message.includes(path);
  if (!isTyped) return `${error}: ${message.slice(0, 200)}`;
  if (/\p{Cc}|[\u2028\u2029\u202a-\u202e]/u.test(message)) return `control characters in ${JSON.stringify(message)}`;
  return message.length > MOST_CHARACTERS + 2 * path.length ? `a message of ${message.length} characters` : undefined;
}

/** Reads hostile files of some seeds in a process of their own. */
export async function checkFiles(first: number, count: number, deadline = Infinity): Promise<Figures> {
  const folder = await Deno.makeTempDir();
  const faults: string[] = [];
  const none = () => ({ files: 0, refused: 0 });
  const ofReader = {
    ...{ idx: none(), npy: none(), npz: none(), csv: none(), png: none() },
    ...{ table: none(), image: none(), jpg: none(), parquet: none() },
  };
  let slowest: Figures["slowest"] = [0, ""];
  let largest: Figures["largest"] = [0, ""];
  let child = new Child();
  try {
    // The first file also loads and compiles the readers.
    for (let seed = first; seed < first + count && performance.now() < deadline; seed++) {
      const { reader, title, bytes, length, promised } = hostileFile(seed);
      const path = join(folder, `a.${reader}`);
      await Deno.writeFile(path, bytes);
      if (length !== undefined) await Deno.truncate(path, length);
      if (seed === first) await child.read(reader, path);
      const outcome = await leastOf(() => child.read(reader, path), 2 * promised + SPARE_BYTES);
      const name = `seed ${seed} (${reader}, ${title})`;
      ofReader[reader].files++;
      if (outcome === undefined) {
        faults.push(`${name}: the process ended or did not answer`);
        child = new Child();
        continue;
      }
      if (outcome.error !== undefined) ofReader[reader].refused++;
      const over = Math.max(0, (outcome.bytes ?? 0) - 2 * promised);
      if (outcome.milliseconds > slowest[0]) slowest = [outcome.milliseconds, name];
      if (over > largest[0]) largest = [over, name];
      const fault = faultOf(outcome, path, promised);
      if (fault !== undefined) faults.push(`${name}: ${fault}`);
    }
  } finally {
    await child.end();
    await Deno.remove(folder, { recursive: true });
  }
  const all = Object.values(ofReader);
  const sum = (name: "files" | "refused") => all.reduce((total, one) => total + one[name], 0);
  return { files: sum("files"), refused: sum("refused"), ofReader, slowest, largest, faults };
}

if (import.meta.main) {
  const [count = 1000, first = 1] = Deno.args.map(Number);
  const { files, refused, slowest, largest, faults } = await checkFiles(first, count);
  for (const fault of faults) console.log(fault);
  console.log(`${files} files: ${refused} refused, ${files - refused} read, ${faults.length} faults`);
  console.log(`slowest: ${Math.round(slowest[0])} ms, ${slowest[1]}`);
  console.log(`most memory beyond twice the promise: ${(largest[0] / 2 ** 20).toFixed(1)} MiB, ${largest[1]}`);
  if (faults.length > 0) Deno.exit(1);
}
