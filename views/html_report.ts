/**
 * The report of a training as an HTML page.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import type { WritableFile } from "../core/web_file.ts";
import { confusionKind, reportKind } from "./argument_kinds.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { anyText, objectKind, textKind } from "../core/options/kinds.ts";
import type { Declaration } from "../core/options/option.ts";
import { list } from "../core/options/values.ts";
import { formatSec } from "../model/format_seconds.ts";
import { writeAnyFile } from "../model/files/web_file.ts";
import { formatError } from "../model/training/log_lines.ts";
import type { NamedData } from "../data/data.ts";
import type { Model } from "../model/model.ts";
import { isTensor } from "../model/predict.ts";
import type { Network } from "../model/network.ts";
import type { Report } from "../model/training/report.ts";
import { escapeXml } from "./escape_xml.ts";
import { confusionMatrix } from "./confusion_matrix.ts";
import { type Confusion, confusionOf } from "./confusion_counts.ts";
import { filters, hasFilters } from "./filters.ts";
import { learningCurves } from "./learning_curves.ts";
import type { MimeBundle, Picture } from "./picture.ts";
import { showNumber } from "./scale.ts";
import { htmlSection, htmlTable, pageOf, type TableRow } from "./html_page.ts";

/** Contents of a page in addition to the report itself. */
export interface HtmlReportOptions {
  /** The trained model, for the network, and for the confusion matrix of its test set if it ends in a softmax. */
  readonly model?: Model<NamedData>;
  /** The network, if no model is given, for its layers, and for its filters if it has weights. */
  readonly network?: Network;
  /** The confusion of classes, if it is known already. */
  readonly confusion?: Confusion;
  /** The names of the classes. */
  readonly labels?: readonly string[];
  /** A warning for the reader, such as that the data are synthetic. */
  readonly warning?: string;
  /** More pictures, below the others; default: none. */
  readonly pictures?: readonly Picture[];
}

/** {@linkcode HtmlReportOptions}, declared. */
export const htmlReportOptions = {
  model: { ...objectKind<Model<NamedData>>("a model", "network", "parts"), help: "trained model" },
  network: { ...objectKind<Network>("a network", "layers", "summary"), help: "network, if no model is given" },
  confusion: { ...confusionKind, help: "confusion of classes" },
  labels: list(textKind, { help: "names of the classes" }),
  warning: anyText({ help: "warning for the reader" }),
  pictures: list(objectKind<Picture>("a picture", "svg"), { otherwise: "none", help: "more pictures" }),
} satisfies Declaration<HtmlReportOptions>;

/** A self-contained page in one file. */
export class HtmlReport {
  /** Wraps the HTML of a page; {@linkcode htmlReport} makes reports. */
  constructor(readonly html: string, readonly title: string) {}

  /**
   * Writes it to a file, either completely or not at all. Needs `--allow-read` and `--allow-write` for the folder. In
   * browsers, the file is one of the browser's file system.
   *
   * @throws {FileError} if it cannot be written.
   */
  save(file: WritableFile): Promise<void> {
    return writeAnyFile(file, [new TextEncoder().encode(this.html)]);
  }

  /** Returns the HTML of the page. */
  toString(): string {
    return this.html;
  }

  /** Returns what notebooks show. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return { "text/html": this.html, "text/plain": this.title };
  }
}

const stops: Readonly<Record<Report["stop"], string>> = {
  epochs: "all epochs completed",
  patience: "no further improvement",
  aborted: "stopped on request",
  overfit: "the examples are learned by heart",
};

/**
 * Makes a self-contained HTML page of the report of a training: results, learning curves, confusion matrix, filters,
 * hyperparameters, layers, and the conditions for reproducing it. It has no script, loads nothing from elsewhere, and
 * follows the reader's choice of light or dark colors.
 *
 * @throws {LibraryError} if a drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { data, digitsLoader, inputLayer, logisticRegression, model, network } from "@yadll/yadll";
 * import { htmlReport } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 784] });
 * const { model: trained, report } = await model({
 *   name: "softmax <1>",
 *   network: network("softmax", [input, logisticRegression(input, { nClass: 10 })]),
 *   data: data(digitsLoader({ sizes: [200, 50, 50] })),
 *   hyperparameters: { batchSize: 50, nEpochs: 2, learningRate: 0.1 },
 * }).train();
 * const page = await htmlReport(report, { model: trained });
 * assertStringIncludes(page.html, "<h1>softmax &lt;1&gt;</h1>");
 * ```
 */
export async function htmlReport(report: Report, options: HtmlReportOptions = {}): Promise<HtmlReport> {
  refuseSurplus("htmlReport", arguments, 2);
  const { model, network = model?.network, warning, pictures = [] } = readOptions(
    "make a report",
    htmlReportOptions,
    options,
  );
  checkArgument("make a report", report, reportKind);
  const drawn = [...await picturesOf(report, network, options), ...pictures.map((wide) => ({ wide }))];
  const html = pageOf(report.model, [
    `<h1>${escapeXml(report.model)}</h1>`,
    ...warning === undefined ? [] : [`<p class="warning">${escapeXml(warning)}</p>`],
    results(report),
    ...drawn.map(figure),
    ...metricRows(report).length > 0 ? [htmlSection("Metrics", htmlTable(metricRows(report)))] : [],
    htmlSection("Hyperparameters", htmlTable(hyperparameterRows(report))),
    ...network ? [htmlSection("Layers", layersOf(network))] : [],
    htmlSection("To reproduce it", htmlTable(circumstances(report))),
    htmlSection("Time", htmlTable(times(report))),
    htmlSection("Epochs", epochs(report)),
  ]);
  return new HtmlReport(html, `Report of ${report.model}`);
}

/** A picture for wide pages, and if possible the same for narrow ones, such as those of telephones. */
interface Figure {
  readonly wide: Picture;
  readonly narrow?: Picture;
}

/** The width of pictures on narrow pages, in pixels. */
const NARROW = 328;
const NARROW_COLUMNS = 5;

async function picturesOf(
  report: Report,
  network: Network | undefined,
  { model, labels, confusion: known }: HtmlReportOptions,
): Promise<Figure[]> {
  const confusion = known ?? (model && hasConfusion(model) ? await confusionOf(model) : undefined);
  const both = async (draw: (isNarrow: boolean) => Promise<Picture>): Promise<Figure> => ({
    wide: await draw(false),
    narrow: await draw(true),
  });
  const title = "Learning curves";
  return await Promise.all([
    both((isNarrow) => learningCurves(report, isNarrow ? { title, width: NARROW, height: 220 } : { title })),
    ...confusion
      ? [
        both((isNarrow) =>
          confusionMatrix(confusion, { ...labels && { labels }, ...isNarrow && { width: matrixWidth(labels) } })
        ),
      ]
      : [],
    ...network && hasFilters(network)
      ? [both((isNarrow) => filters(network, isNarrow ? { width: NARROW, columns: NARROW_COLUMNS } : {}))]
      : [],
  ]);
}

/** Whether the confusion of classes can be counted: those of several outputs are not. */
function hasConfusion({ network, parts: { data } }: Model<NamedData>): boolean {
  return data !== undefined && network.hasLogits && isTensor(data.validation.x) && isTensor(data.validation.y);
}

/** Returns the width of a matrix that fits narrow pages together with its labels. */
function matrixWidth(labels: readonly string[] = []): number {
  const longest = labels.reduce((most, { length }) => Math.min(16, Math.max(most, length)), 2);
  return NARROW - 44 - 7 * longest;
}

function figure({ wide, narrow }: Figure): string {
  const contents = narrow === undefined ? wide.svg : [
    `<div class="wide">\n${wide.svg}\n</div>`,
    `<div class="narrow">\n${narrow.svg}\n</div>`,
  ].join("\n");
  return `<figure>\n${contents}\n</figure>`;
}

/** The summary of a network: as text, and as a table for narrow pages, because its lines must not be broken. */
function layersOf(network: Network): string {
  const summary = network.summary();
  const rows = summary.split("\n").flatMap((line) => {
    const cells = /^(.*\S) +(\[.*\]) +([\d,]+)$/.exec(line);
    return cells ? [cells.slice(1)] : [];
  });
  const total = summary.slice(summary.lastIndexOf("\n") + 1);
  const table = htmlTable(rows, { titles: ["layer", "output", "parameters"] });
  return `<pre class="wide">${escapeXml(summary)}</pre>\n` +
    `<div class="narrow">\n${table}\n<p>${escapeXml(total)}</p>\n</div>`;
}

/** The most important results, in large numbers. */
function results(report: Report): string {
  const { bestIteration, parameters, seconds, epochs, stop } = report;
  const facts: readonly (readonly [string, string, string])[] = [
    ...scores(report, bestIteration === null ? "" : `at iteration ${bestIteration}`),
    ["epochs", String(epochs), stops[stop]],
    ["time", formatSec(seconds.total), `${Math.round(report.samplesPerSecond).toLocaleString("en-US")} samples/s`],
    ["parameters", parameters.toLocaleString("en-US"), `network ${report.network}`],
  ];
  const cards = facts.map(([name, value, more]) =>
    `<div><dt>${name}</dt><dd><strong>${escapeXml(value)}</strong><small>${escapeXml(more)}</small></dd></div>`
  );
  return `<dl class="results">\n${cards.join("\n")}\n</dl>`;
}

/** Test and validation: the errors, or the losses if those were monitored. */
function scores(report: Report, best: string): [name: string, value: string, more: string][] {
  const { monitor, testError, testLoss = null, validationError, validationLoss = null, errorUnit } = report;
  const [name, test, validation] = monitor === "validationLoss"
    ? ["loss", testLoss, validationLoss] as const
    : ["error", testError, validationError] as const;
  const text = (value: number | null): string =>
    value === null ? "–" : formatError(value, name === "error" ? errorUnit : "");
  return [[`test ${name}`, text(test), ""], [`validation ${name}`, text(validation), best]];
}

function hyperparameterRows({ hyperparameters, updates }: Report): TableRow[] {
  const shown = Object.entries(hyperparameters).map(([name, value]): TableRow => [
    name,
    typeof value === "function" ? value.name || "(function)" : String(value),
  ]);
  return [["update rule", updates], ...shown];
}

function circumstances({ data, dataHash, seed, device, versions, iterations }: Report): TableRow[] {
  return [
    ["data", data],
    ["SHA-256 of the data", dataHash],
    ["seed", String(seed)],
    ["device", device.name],
    ["interface", `${device.kind}${device.software && device.kind === "webgpu" ? ", a software adapter" : ""}`],
    ["iterations", String(iterations)],
    ...Object.entries(versions).map(([name, version]): TableRow => [`version of ${name}`, String(version)]),
  ];
}

const phases: Readonly<Record<keyof Report["seconds"], string>> = {
  total: "total",
  compile: "compiling",
  pretrain: "initial weights and pre-training",
  train: "training steps",
  validate: "validation and test",
  save: "saving",
};

function times({ seconds }: Report): TableRow[] {
  return Object.entries(phases).map(([phase, name]) => {
    const value = seconds[phase as keyof Report["seconds"]];
    return [name, value === undefined ? "–" : formatSec(value)];
  });
}

/** Larger numbers have three digits, so that the columns remain narrow. */
const LARGE = 1e4;

/** The metrics of the weights that were kept. */
function metricRows({ metrics }: Report): TableRow[] {
  const { validation, test } = metrics ?? { validation: null, test: null };
  const text = (value: number | undefined): string => value === undefined ? "–" : showNumber(value);
  return Object.keys(validation ?? test ?? {}).map((name): TableRow => [
    name,
    `validation ${text(validation?.[name])}${test ? `, test ${text(test[name])}` : ""}`,
  ]);
}

function epochs({ history, errorUnit }: Report): string {
  const unit = errorUnit === "" ? "" : ` (${errorUnit})`;
  const titles = ["epoch", "training loss", "validation loss", `training error${unit}`, `validation error${unit}`, "s"];
  const number = (value: number | null | undefined, digits: number): string =>
    value === null || value === undefined ? "–" : Math.abs(value) < LARGE ? value.toFixed(digits) : showNumber(value);
  const rows = history.map((record) => [
    String(record.epoch),
    ...[record.trainLoss, record.validationLoss].map((loss) => number(loss, 4)),
    ...[record.trainError, record.validationError].map((error) => number(error, 3)),
    number(record.seconds, 2),
  ]);
  return `<details><summary>${history.length} epochs</summary>\n${
    htmlTable(rows, { titles, kind: "numbers" })
  }\n</details>`;
}
