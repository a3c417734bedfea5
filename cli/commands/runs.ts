/**
 * The command that shows saved runs.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import { suggestName } from "../../core/nearest.ts";
import { writeAtomically } from "../../model/files/atomic.ts";
import { historyCsv } from "../../model/training/history_csv.ts";
import { formatSec } from "../../model/format_seconds.ts";
import { formatError, summaryLines } from "../../model/training/log_lines.ts";
import { text } from "../../core/options/values.ts";
import { command, type Context } from "../command.ts";
import { type Ending, UsageError } from "../errors.ts";
import { columns, wrap } from "../help.ts";
import { jsonLine } from "../json_lines.ts";
import { helpOptions, outputOptions } from "../options/common.ts";
import { type GivenValues, section, valued } from "../options/option.ts";
import { refuseUnused } from "../options/unused.ts";
import { chartOf, writePicture } from "../pictures.ts";
import { isRunFolder, readRun, readRuns, runFoldersIn, type SavedRun } from "../runs/read.ts";
import { areMixed, ranked } from "../runs/ranking.ts";
import { type Cell, tableOf } from "../table.ts";
import type { CurveReport } from "../../views/learning_curves.ts";
import { checkPicture, checkTarget, tryStat } from "../files/check_writable.ts";

/** The folder in which runs are searched. */
const HOME = "runs";

const options = {
  ...section("Table", {
    csv: valued("FILE", text({ help: "with show: write the epochs as a table (.csv)" })),
  }),
  ...section("Picture", {
    svg: valued("FILE", text({ help: "with show, compare and plot: write the learning curves as a picture (.svg)" })),
  }),
  ...outputOptions,
  ...helpOptions,
};

type Given = GivenValues<typeof options>;

/** A subcommand. */
interface Verb {
  readonly usage: string;
  readonly help: string;
  run(words: readonly string[], given: Given, context: Context): Ending | Promise<Ending>;
}

const verbs: Readonly<Record<string, Verb>> = {
  list: { usage: "[list [FOLDER]]", help: `list all runs in a folder (default: ${HOME})`, run: list },
  show: { usage: "show RUN", help: "show the hyperparameters and epochs of a run", run: show },
  compare: { usage: "compare RUN RUN…", help: "show differences and results, best first", run: compare },
  plot: { usage: "plot RUN…", help: "plot learning curves in the terminal", run: plot },
};

/** Shows runs. */
export const runsCommand = command({
  name: "runs",
  summary: "Lists, shows and compares runs saved with train --out",
  usage: "[list|show|compare|plot] [RUN…] [options]",
  examples: [
    "runs",
    "runs list experiments",
    "runs show runs/lenet5",
    "runs compare runs/mlp runs/lenet5 --svg both.svg",
    "runs plot lenet5",
  ],
  options,
  details: (_program, width) =>
    [
      columns(Object.values(verbs).map(({ usage, help }) => [usage, help] as const), width),
      "",
      ...wrap(`A RUN is the path of a run folder; paths within ${HOME} work too.`, width),
    ].join("\n"),
  run({ words: [verb = "list", ...words], options }, context) {
    if (Object.hasOwn(verbs, verb)) return verbs[verb].run(words, options, context);
    if (tryStat(verb)?.isDirectory) {
      throw new UsageError(`runs needs a command before the folder ${verb}, such as runs list ${verb}`);
    }
    throw new UsageError(`unknown command runs ${verb}${suggestName(verb, Object.keys(verbs))}`);
  },
});

/** Reports what could not be read. */
function noteDamage({ damage }: SavedRun, { note }: Context["output"]): void {
  if (damage !== undefined) note(`${inOneLine(damage)}; the rest is shown\n`);
}

/** The run with this name. */
function find(name: string): SavedRun {
  const places = [`${HOME}/${name}`, name];
  const path = (/[\\/]/.test(name) ? places.reverse() : places).find(isRunFolder);
  if (path !== undefined) return readRun(path);
  const known = tryStat(HOME)?.isDirectory ? runFoldersIn(HOME).map((path) => path.slice(HOME.length + 1)) : [];
  const hint = known.length === 0 ? "; train … --out DIR creates one" : suggestName(name, known);
  throw new UsageError(`there is no run ${name}${hint}`);
}

const CSV_OF_ONE = { csv: "needs one run: runs show RUN --csv FILE" };

function list([folder = HOME, ...rest]: readonly string[], { json, svg, csv }: Given, { output }: Context): Ending {
  refuseUnused({ csv }, CSV_OF_ONE);
  if (rest.length > 0) throw new UsageError(`unexpected argument ${rest[0]}: expected one folder`);
  refuseUnused({ svg }, { svg: "needs the runs to draw: runs compare RUN RUN… --svg FILE" });
  if (!tryStat(folder)?.isDirectory) {
    throw new UsageError(
      `there is no folder ${folder}: list those of another folder with runs list FOLDER, or create one with train … --out DIR`,
    );
  }
  const { runs, errors } = readRuns(runFoldersIn(folder));
  for (const { message } of errors) output.note(`${inOneLine(message)}\n`);
  runs.forEach((run) => noteDamage(run, output));
  if (json) runs.forEach((run) => output.result(jsonLine("run", run)));
  else if (runs.length === 0 && errors.length === 0) {
    output.note(`There are no runs in ${inOneLine(folder)}; train … --out DIR creates one\n`);
  } else if (runs.length > 0) tableOf(...listTable(runs), output.resultColumns?.()).forEach(output.result);
  return "ok";
}

function listTable(runs: readonly SavedRun[]): [heads: string[], rows: Cell[][]] {
  const mixed = areMixed(runs);
  return [
    ["run", "network", "data", "epochs", "validation", "test", "time", "state", "started"],
    runs.map((run) => [
      ...[run.path, run.network, run.data, run.history.length, ...resultsOf(run, mixed)],
      ...[run.seconds === null ? "" : formatSec(run.seconds), run.state, run.time.slice(0, 16).replace("T", " ")],
    ]),
  ];
}

/** The results in validation and test: errors, or losses, which are marked if the table has both. */
function resultsOf(run: SavedRun, mixed: boolean): [validation: string, test: string] {
  const { monitor, errorUnit, validationError, testError, validationLoss, testLoss } = run;
  const isLoss = monitor === "validationLoss";
  const shown = (result: number | null): string =>
    result === null ? "" : `${isLoss && mixed ? "loss " : ""}${formatError(result, isLoss ? "" : errorUnit)}`;
  return isLoss ? [shown(validationLoss), shown(testLoss)] : [shown(validationError), shown(testError)];
}

async function show(
  [name, ...rest]: readonly string[],
  { json, svg, csv }: Given,
  { output }: Context,
): Promise<Ending> {
  if (name === undefined || rest.length > 0) {
    throw new UsageError(`expected one run, got ${rest.length + (name === undefined ? 0 : 1)}`);
  }
  if (svg !== undefined) checkPicture(svg);
  if (csv !== undefined) checkTarget(csv);
  const run = find(name);
  noteDamage(run, output);
  if (json) output.result(jsonLine("run", run));
  else textOf(run, output.resultColumns?.()).forEach(output.result);
  if (csv !== undefined) writeAtomically(csv, [new TextEncoder().encode(historyCsv(run))]);
  if (svg !== undefined) await writePicture(svg, curvesOf([run]));
  return "ok";
}

function textOf(run: SavedRun, width: number | undefined): string[] {
  const { path, state, network, data, seed, updates, device, time, hyperparameters, history, report, failure } = run;
  const settings = Object.entries(hyperparameters).map(([name, value]) => `${name} ${value}`);
  const epochs = tableOf(
    ["epoch", "loss", "error", "validation loss", "validation error", "samples/s"],
    history.map((one) => [
      ...[one.epoch, fixed(one.trainLoss, 4), fixed(one.trainError, 3), fixed(one.validationLoss, 4)],
      ...[fixed(one.validationError, 3), fixed(one.samplesPerSecond, 0)],
    ]),
    width,
  );
  return [
    `${path}: ${network} on ${data}, ${state}`,
    `Started ${time} on ${device}; seed ${seed}`,
    `${updates}; ${settings.join(", ")}`,
    ...(failure === undefined ? [] : [failure]),
    "",
    ...(history.length === 0 ? ["No epoch was completed"] : epochs),
    ...(report ? ["", ...summaryLines(report)] : []),
  ];
}

/** A number with this many decimals; nothing if it is not known. */
function fixed(value: number | null, decimals: number): string {
  return value === null || Number.isNaN(value) ? "" : value.toFixed(decimals);
}

async function compare(names: readonly string[], { json, svg, csv }: Given, { output }: Context): Promise<Ending> {
  refuseUnused({ csv }, CSV_OF_ONE);
  if (names.length < 2) throw new UsageError(`expected two runs or more, got ${names.length}`);
  if (svg !== undefined) checkPicture(svg);
  const runs = names.map(find);
  runs.forEach((run) => noteDamage(run, output));
  if (json) ranked(runs).forEach((run) => output.result(jsonLine("run", run)));
  else tableOf(...comparison(runs), output.resultColumns?.()).forEach(output.result);
  if (svg !== undefined) await writePicture(svg, curvesOf(runs));
  return "ok";
}

async function plot(
  names: readonly string[],
  { svg, noColor, json, csv }: Given,
  { output }: Context,
): Promise<Ending> {
  refuseUnused({ csv }, CSV_OF_ONE);
  refuseUnused({ json }, { json: "has no effect on plot: runs compare and runs show print runs as JSON" });
  if (names.length === 0) throw new UsageError("expected one run or more, got 0");
  if (svg !== undefined) checkPicture(svg);
  const runs = names.map(find);
  runs.forEach((run) => noteDamage(run, output));
  const curves = curvesOf(runs);
  if (svg !== undefined) {
    await writePicture(svg, curves);
    return "ok";
  }
  for (const [name, report] of Object.entries(curves)) {
    const isAlone = names.length === 1;
    output.result(
      `${isAlone ? "" : `${inOneLine(name)}\n`}${await chartOf(report, output, noColor)}${isAlone ? "" : "\n"}`,
    );
  }
  return "ok";
}

/** Reports of runs for drawing, by their paths, including unfinished runs. */
function curvesOf(runs: readonly SavedRun[]): Record<string, CurveReport> {
  const empty = runs.find(({ history }) => history.length === 0);
  if (empty) throw new UsageError(`${empty.path} has no curve: no epoch was completed`);
  return Object.fromEntries(
    runs.map(({ path, history, errorUnit, report }) => [path, report ?? { history, errorUnit }]),
  );
}

/** The differences and results of runs, best first. */
function comparison(runs: readonly SavedRun[]): [heads: string[], rows: Cell[][]] {
  const settingsOf = (
    { network, data, updates, seed, device, hyperparameters }: SavedRun,
  ): Record<string, unknown> => ({
    ...{ network, data, updates, seed, device },
    ...hyperparameters,
  });
  const names = [...new Set(runs.flatMap((run) => Object.keys(settingsOf(run))))];
  const differing = names.filter((name) => new Set(runs.map((run) => settingsOf(run)[name])).size > 1);
  const mixed = areMixed(runs);
  return [
    ["run", ...differing, "epochs", "validation", "test", "time"],
    ranked(runs).map((run) => [
      run.path,
      ...differing.map((name) => shown(settingsOf(run)[name])),
      ...[run.history.length, ...resultsOf(run, mixed), run.seconds === null ? "" : formatSec(run.seconds)],
    ]),
  ];
}

function shown(value: unknown): Cell {
  return typeof value === "number" || value === undefined ? value : String(value);
}
