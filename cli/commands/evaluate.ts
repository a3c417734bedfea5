/**
 * The command that evaluates a saved model.
 *
 * @module
 */

import { inOneLine, showText } from "../../core/options/show.ts";
import { digestOf } from "../../data/digest.ts";
import type { TensorSet } from "../../data/tensor_set.ts";
import type { Model } from "../../model/model.ts";
import { formatError } from "../../model/training/log_lines.ts";
import type { GivenMetric } from "../../model/training/metric_option.ts";
import type { Report } from "../../model/training/report.ts";
import { numberText } from "../../model/number_text.ts";
import { oneOf, text } from "../../core/options/values.ts";
import { command } from "../command.ts";
import { chooseDevice } from "../device_line.ts";
import type { Ending } from "../errors.ts";
import { refuseUnused } from "../options/unused.ts";
import type { Output } from "../output.ts";
import { checkFit } from "../check_fit.ts";
import { checkTakesDigits } from "../check_kind.ts";
import { evaluateSet, type SetEvaluation } from "../evaluate_set.ts";
import { wrap } from "../help.ts";
import { jsonLine } from "../json_lines.ts";
import { loadForPeople } from "../load_data.ts";
import { dataSection, deviceOptions, helpOptions, outputOptions } from "../options/common.ts";
import { metricsIn, metricsOption } from "../options/metrics.ts";
import { section, valued } from "../options/option.ts";
import { oneWord } from "../options/words.ts";
import { dataOf, openModel, savedAt } from "../files/saved_model.ts";
import { delimiter, evaluateFile, isTableFile, type TableUsage } from "../tables.ts";
import { checkDistinct, checkPicture } from "../files/check_writable.ts";

const setNames = ["training", "validation", "test"] as const;

/** Options that concern only sets, or only CSV files. */
const nothing = "has no effect on a CSV file";
const ofSets = { on: nothing, confusion: nothing, trainSize: nothing };
const ofTables = { delimiter: "needs a CSV file as --data" };

/** Evaluates a saved model. */
export const evaluateCommand = command({
  name: "evaluate",
  summary: "Measures the error and loss of a saved model",
  usage: "MODEL [options]",
  examples: [
    "evaluate lenet5.ym",
    "evaluate runs/lenet5 --on test --confusion mistakes.svg",
    "evaluate mlp.ym --metrics f1,auc --json",
  ],
  options: {
    ...section("Evaluation", {
      on: valued(
        "SET",
        oneOf(setNames, { help: `set to evaluate: ${setNames.join(", ")}`, otherwise: "validation and test" }),
      ),
      metrics: metricsOption,
      delimiter,
      confusion: valued("FILE", text({ help: "write the confusion matrix as a picture (.svg)" })),
    }),
    ...dataSection,
    ...deviceOptions,
    ...outputOptions,
    ...helpOptions,
  },
  details: (_program, width) =>
    wrap(
      "MODEL is a saved model (.ym) or a run folder. If it was trained on tables, --data is a CSV file (.csv or .tsv) with " +
        "the same columns.",
      width,
    ).join("\n"),
  async run(
    {
      words,
      options: { on, metrics: names, confusion, json, quiet, delimiter, ...given },
    },
    { output, signal },
  ): Promise<Ending> {
    const saved = savedAt(oneWord(words, "a saved model (.ym) or a run folder"));
    const { file, report } = saved;
    const metrics = metricsIn(names);
    if (confusion !== undefined) {
      checkDistinct([{ by: "option --confusion", file: confusion }], [{ by: "the model", file }]);
      checkPicture(confusion);
    }
    const note = quiet ? () => {} : (line: string) => output.note(`${line}\n`);
    if (given.data !== undefined && isTableFile(given.data)) {
      refuseUnused({ on, confusion, trainSize: given.trainSize }, ofSets);
      note(await chooseDevice(given));
      return await printTable({ model: openModel(file), path: given.data, delimiter }, { output, json, metrics });
    }
    refuseUnused({ delimiter }, ofTables);
    checkTakesDigits("evaluate", saved);
    const { data, warning } = await loadForPeople(dataOf(saved, given), { output, note, quiet, signal });
    note(await chooseDevice(given));
    const model = openModel(file, { data });
    checkFit("evaluate", model, data);
    if (report && report.dataHash !== await digestOf(data)) note(otherData(report));
    const found: Record<string, SetEvaluation> = {};
    for (const name of on ? [on] : setNames.slice(1)) {
      const set = data[name];
      if (set) found[name] = await evaluateSet(model, set, metrics);
      signal.throwIfAborted();
    }
    const { name: network } = model.network;
    if (json) output.result(jsonLine("evaluation", { network, data: data.name, warning, sets: found }));
    else linesOf(found).forEach(output.result);
    if (warning) note(inOneLine(warning));
    if (confusion !== undefined) await saveConfusion(model, data[on ?? "test"], confusion);
    return "ok";
  },
});

function otherData({ data }: Report): string {
  return `The model was trained on other data (${showText(data)}); if not, use the same --data and --train-size`;
}

async function saveConfusion(model: Model, set: TensorSet | undefined, file: string): Promise<void> {
  const { confusionOf } = await import("../../views/confusion_counts.ts");
  const { confusionMatrix } = await import("../../views/confusion_matrix.ts");
  const picture = await confusionMatrix(await confusionOf(model, set), { title: model.network.name });
  await picture.save(file);
}

/** What is printed about a CSV file, and where. */
interface TablePrinting {
  readonly output: Output;
  readonly json: boolean;
  readonly metrics: readonly GivenMetric[] | undefined;
}

/** Evaluates a model on a CSV file. */
async function printTable(
  usage: TableUsage,
  { output, json, metrics }: TablePrinting,
): Promise<Ending> {
  const { model: { network }, path } = usage;
  const sets = { [path]: await evaluateFile(usage, metrics) };
  if (json) output.result(jsonLine("evaluation", { network: network.name, data: path, sets }));
  else linesOf(sets).forEach(output.result);
  return "ok";
}

function linesOf(found: Readonly<Record<string, SetEvaluation>>): string[] {
  return Object.entries(found).map(([name, { error, errorUnit, loss, examples, metrics = {} }]) =>
    [
      `${name} ${error === null ? "" : `error ${formatError(error, errorUnit)}, `}loss ${loss.toFixed(4)}`,
      ...Object.entries(metrics).map(([metric, value]) => `${metric} ${numberText(value)}`),
      `${examples.toLocaleString("en-US")} examples`,
    ].join(", ")
  );
}
