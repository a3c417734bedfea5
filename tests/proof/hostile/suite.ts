/**
 * Damaged and hostile files of every reader: each is read or refused, in little time and memory.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { checkFiles, type Figures } from "../../hostile_data/check_files.ts";
import { type Reader, readers } from "../../hostile_data/valid.ts";
import { counted } from "../page.ts";
import type { Suite, SuiteOptions } from "../suite.ts";
import type { ModelsFigures, ModelsOrder } from "./models_child.ts";

/** The number of files of each reader by default. */
const COUNT = 1000;

/** The number of files from one line of progress to the next. */
const CHUNK = 500;

/** The files of a reader, and how many of them were refused. */
interface Row {
  readonly files: number;
  readonly refused: number;
}

/** The rows of readers of data, and the greatest time and memory. */
interface DataFigures {
  readonly rows: Readonly<Record<Reader, Row>>;
  readonly slowest: Figures["slowest"];
  readonly largest: Figures["largest"];
  readonly faults: readonly string[];
}

/** The sum of the figures of two chunks of files. */
function together(a: DataFigures, { ofReader, slowest, largest, faults }: Figures): DataFigures {
  const rows = { ...a.rows };
  for (const reader of readers) {
    const [one, other] = [a.rows[reader], ofReader[reader]];
    rows[reader] = { files: one.files + other.files, refused: one.refused + other.refused };
  }
  return {
    rows,
    slowest: slowest[0] > a.slowest[0] ? slowest : a.slowest,
    largest: largest[0] > a.largest[0] ? largest : a.largest,
    faults: [...a.faults, ...faults],
  };
}

/** Reads data files until there are enough of each reader. */
async function readData({ seed, count = COUNT, log }: SuiteOptions): Promise<DataFigures> {
  const none = { files: 0, refused: 0 };
  const rows = {
    idx: none,
    npy: none,
    npz: none,
    csv: none,
    png: none,
    table: none,
    image: none,
    jpg: none,
    parquet: none,
  };
  let figures: DataFigures = { rows, slowest: [0, ""], largest: [0, ""], faults: [] };
  const fewest = () => Math.min(...readers.map((reader) => figures.rows[reader].files));
  for (let first = seed; fewest() < count; first += CHUNK) {
    figures = together(figures, await checkFiles(first, Math.min(CHUNK, count)));
    log(`data files: at least ${fewest()} of each reader`);
  }
  return figures;
}

/** Loads crafted models or configurations in a process of its own. */
async function loadModels(order: ModelsOrder): Promise<ModelsFigures> {
  const program = fromFileUrl(import.meta.resolve("./models_child.ts"));
  const args = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", program, JSON.stringify(order)];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot load ${order.suffix} files: ${text.decode(stderr)}`);
  return JSON.parse(text.decode(stdout).trim().split("\n").at(-1)!);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}

/** The table of the readers, and what the files took. */
function sectionOf(
  { rows, slowest, largest }: DataFigures,
  models: readonly (readonly [string, ModelsFigures])[],
): string {
  const ofModels = models.map(([suffix, { loaded, refused }]) => [suffix, loaded + refused, refused] as const);
  const ofData = readers.map((reader) => [`.${reader}`, rows[reader].files, rows[reader].refused] as const);
  const lines = [...ofData, ...ofModels].map(([title, files, refused]) =>
    `| ${title} | ${files} | ${refused} | ${files - refused} |`
  );
  const took = models.map(([suffix, { milliseconds, bytes }]) =>
    `The ${suffix} files took at most ${Math.round(milliseconds)} ms and ${megabytes(bytes)}.`
  );
  return `| reader | files | refused | read |\n| --- | --: | --: | --: |\n${lines.join("\n")}

Refused means an error of the package's own, which names the file on one line. The slowest data file took
${Math.round(slowest[0])} ms of the processor (${slowest[1]}; the limit is 5 s), and the most memory beyond twice what
a file promises was ${megabytes(largest[0])} (${largest[1]}; the limit is 64 MB). ${took.join(" ")}`;
}

/** Reads hostile files of every reader. */
export const hostile: Suite = {
  name: "hostile",
  description:
    "Damaged and hostile files of every reader, in processes whose time and peak of memory are measured: each must be " +
    "read, or refused with a typed error, in 5 s and in twice what it promises and 64 MB.",
  async run(options) {
    const { seed, count = COUNT, log } = options;
    const data = await readData(options);
    const models: [string, ModelsFigures][] = [];
    for (const suffix of [".ym", ".yc"] as const) {
      models.push([suffix, await loadModels({ suffix, first: seed, count })]);
      log(`${counted(count, "file")} ${suffix}`);
    }
    const files = Object.values(data.rows).reduce((sum, row) => sum + row.files, 0) + 2 * count;
    return {
      tried: `${counted(files, "file")} of ${readers.length + models.length} readers`,
      faults: [...data.faults, ...models.flatMap(([, { faults }]) => faults)],
      section: sectionOf(data, models),
    };
  },
};
