/**
 * The model card: what a model is, how it was trained and how well it performs, also for the Hugging Face hub.
 *
 * @see {@link https://huggingface.co/docs/hub/model-cards | model cards}
 *
 * @module
 */

import { numberKind, textKind } from "../../core/options/kinds.ts";
import { describedRecord } from "../../core/options/nested.ts";
import { custom, type Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { list, text } from "../../core/options/values.ts";
import { checkConfiguration, type ModelConfiguration } from "./configuration.ts";
import { isPlainRecord, writeJson } from "./json.ts";

/** A figure of the model: what was measured, of which set, and its value. */
export interface Figure {
  /** The metric: `error`, `accuracy`, … */
  readonly metric: string;
  /** The set: `validation`, `test`, … */
  readonly set: string;
  /** The value. */
  readonly value: number;
  /** The unit, such as `%` (default: none). */
  readonly unit?: string;
}

/** The content of a model card. */
export interface ModelCard {
  /** What the model does, in a sentence or two. */
  readonly summary: string;
  /** The data on which it was trained, with their digest if it is known. */
  readonly data: { readonly name: string; readonly sha256?: string };
  /** The figures. */
  readonly figures: readonly Figure[];
  /** More facts about the training, in the order in which they are shown: epochs, seconds, device, seed, … */
  readonly training?: Readonly<Record<string, string | number>>;
  /** The kind of task in the hub's terms (default: `tabular-classification`, or `tabular-regression` without classes). */
  readonly task?: string;
  /** The license in the hub's terms, such as `mit` (default: none). */
  readonly license?: string;
  /** Keywords for finding the model. */
  readonly tags?: readonly string[];
}

const cardOptions = {
  summary: text({ required: true, help: "what the model does, in a sentence" }),
  data: describedRecord<ModelCard["data"]>("a record with the name of the data", {
    name: text({ required: true }),
    sha256: text(),
  }),
  figures: list(
    describedRecord<Figure>("a record with metric, set and value", {
      metric: text({ required: true }),
      set: text({ required: true }),
      value: custom(numberKind, { required: true }),
      unit: textKind,
    }),
    { required: true },
  ),
  training: custom<NonNullable<ModelCard["training"]>>({
    expected: "a record of figures of the training",
    accepts: (value): value is NonNullable<ModelCard["training"]> => isPlainRecord(value),
  }),
  task: text(),
  license: text(),
  tags: list(text()),
} satisfies Declaration<ModelCard>;

/**
 * The text of a model card: a YAML header and Markdown.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { modelCard, network } from "@yadll/yadll/model";
 *
 * const input = inputLayer({ shape: [null, 784] });
 * const softmax = network("softmax", [input, logisticRegression(input, { nClass: 10 })]);
 * const figures = [{ metric: "error", set: "test", value: 1.32, unit: "%" }];
 * const card = { summary: "Recognizes digits.", data: { name: "MNIST" }, figures };
 * assertStringIncludes(modelCard(card, { network: softmax.toConf() }), "| error | test | 1.32 % |");
 * ```
 */
export function modelCard(card: ModelCard, configuration: ModelConfiguration): string {
  readOptions("write a model card", cardOptions, card);
  checkConfiguration(configuration);
  const name = configuration.name ?? configuration.network.name;
  const sections = [
    frontMatter(name, { ...card, kind: card.task ?? taskOf(card, configuration) }),
    `# ${plain(name)}\n\n${card.summary}`,
    section("Figures", ["Metric", "Set", "Value"], card.figures.map(figureRow)),
    section("Training", ["", ""], [
      ["data", card.data.name],
      ...digestRow(card),
      ...Object.entries(card.training ?? {}),
    ]),
    section("Layers", ["Name", "Kind", "Input", "Options"], layerRows(configuration)),
    "## Files\n\n`model.safetensors` contains the parameters, `config.json` the layers and how they were trained. Both are " +
    "data only: loading them executes no code.",
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

/** Objectives of classes. */
const OF_CLASSES = /^(categorical|binary)/;

/** The kind of task that the objective shows, or without one the unit of the errors: those of classes are percents. */
function taskOf({ figures }: ModelCard, { objective }: ModelConfiguration): string {
  // Of several outputs, the first one names the task.
  const [first] = objective !== undefined && isPlainRecord(objective) ? Object.values(objective) : [objective];
  const name = typeof first === "string" ? first : first?.[0];
  const hasClasses = name === undefined ? figures.some(({ unit }) => unit === "%") : OF_CLASSES.test(name);
  return hasClasses ? "tabular-classification" : "tabular-regression";
}

interface FrontMatter extends ModelCard {
  /** The kind of task of the figures. */
  readonly kind: string;
}

/** JSON is valid YAML, so strings need no other quoting. */
function frontMatter(name: string, { license, tags = [], data, figures, task, kind }: FrontMatter) {
  const results = {
    task: { type: kind },
    dataset: { name: data.name, type: data.name },
    metrics: figures.map(({ metric, set, value }) => ({ name: `${set} ${metric}`, type: metric, value })),
  };
  const lines = [
    "---",
    "library_name: yadll",
    ...license === undefined ? [] : [`license: ${writeJson(license)}`],
    // The task by which the hub lists the model; that of the figures is shown with them only.
    ...task === undefined ? [] : [`pipeline_tag: ${writeJson(task)}`],
    `tags: ${writeJson(["yadll", ...tags])}`,
    ...figures.length === 0 ? [] : [`model-index: ${JSON.stringify([{ name, results: [results] }])}`],
    "---",
  ];
  return lines.join("\n");
}

function figureRow({ metric, set, value, unit }: Figure): string[] {
  return [metric, set, unit === undefined ? String(value) : `${value} ${unit}`];
}

function digestRow({ data: { sha256 } }: ModelCard): string[][] {
  return sha256 === undefined ? [] : [["SHA-256 of the data", sha256]];
}

function layerRows({ network }: ModelConfiguration): string[][] {
  return network.layers.map(({ name, kind, incoming, configuration }) => [
    name,
    kind,
    incoming.join(", "),
    Object.entries(configuration).map(([option, value]) => `${option}: ${writeJson(value)}`).join(", "),
  ]);
}

function section(title: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return "";
  const row = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => plain(String(cell))).join(" | ")} |`;
  return [`## ${title}\n`, row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}

/** A text escaped for a cell of a table. */
function plain(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
