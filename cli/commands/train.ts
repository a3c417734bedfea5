/**
 * The command that trains a network.
 *
 * @module
 */

import { refuseUnused } from "../options/unused.ts";
import { basename, dirname, join, resolve } from "@std/path";
import { readConfiguration } from "../../model/files/configuration.ts";
import { fileNameOf } from "../../model/files/file_name.ts";
import { version } from "../../model/version.ts";
import { oneOf, text } from "../../core/options/values.ts";
import { trainOptions } from "../../model/training/train_options.ts";
import { command, type Context } from "../command.ts";
import { readConfig } from "../training/config_file.ts";
import { chooseConfigured, type FromFile } from "../training/choose_configured.ts";
import { type Ending, UsageError } from "../errors.ts";
import { type Examples, type Settings, shortened } from "../example.ts";
import { networkList } from "../help.ts";
import { dataSection, deviceOptions, helpOptions, outputOptions } from "../options/common.ts";
import { augmentIn, augmentOption } from "../options/augment.ts";
import { metricsIn, metricsOption, monitorOption } from "../options/metrics.ts";
import { networkName } from "../options/network.ts";
import { type GivenValues, optional, repeated, section, switchOption, valued } from "../options/option.ts";
import { parse, type Parsed } from "../options/parse.ts";
import { checkPretraining, directSettings, lengthOf, trainingOptions } from "../options/training.ts";
import { runFiles } from "../runs/folder.ts";
import { argumentsOf, isRunFolder } from "../runs/read.ts";
import { knownData, modelFileOf, readFacts, savedFileOf } from "../files/saved_model.ts";
import { resumedWord } from "../training/resumed_word.ts";
import { isContinued, planSaving, RESUME_WHAT, savedNowhere } from "../training/saving_plan.ts";
import { assignmentOption, checkMomentum, checkSetOnce, type Choice, chooseModel } from "../settings.ts";
import { isSamePath } from "../files/same_path.ts";
import type { TrainingRequest } from "../training/request.ts";
import { runTraining } from "../training/run_training.ts";
import { checkTrial, isKept } from "../training/trial.ts";
import { checkDistinct, checkFolderToBe, type NamedFile } from "../files/check_writable.ts";

const options = {
  ...trainingOptions,
  ...section("Training", {
    set: repeated("NAME=VALUE", {
      ...assignmentOption,
      help: "value of a hyperparameter of the network or of the update rule, such as nUnits=100",
    }),
    config: valued(
      "FILE",
      text({ help: "take options and hyperparameters from a JSON file, or the network from a .yc file" }),
    ),
    augment: augmentOption,
    metrics: metricsOption,
    monitor: monitorOption,
    earlyStopping: switchOption(`${trainOptions.earlyStop.help} (default)`),
    noEarlyStopping: switchOption("train for all epochs"),
    overfit: valued("N", trainOptions.overfit),
    dryRun: switchOption(trainOptions.dryRun.help),
    rangeTest: optional(
      "FILE",
      text({ help: "try rising learning rates in 100 steps and suggest one; FILE.svg: draw the losses, too" }),
      true,
    ),
    profile: optional(
      "FILE",
      text({ help: "measure the kernels of a step instead of training; FILE.json: write the measurement, too" }),
      true,
    ),
  }),
  ...dataSection,
  ...deviceOptions,
  ...section("Files", {
    save: valued("FILE", text({ help: "save the model to FILE (.ym), from which training can be resumed" })),
    saveMode: valued(
      "MODE",
      oneOf(["end", "each", "epoch"], {
        default: "each",
        help: "save at the end, at each new best validation error, or after each epoch",
      }),
    ),
    out: valued(
      "DIR",
      text({ help: `keep the run in a new folder: ${Object.values(runFiles).slice(0, 3).join(", ")}` }),
    ),
    resume: optional("FILE", text({ help: "resume a saved run; FILE defaults to that of --save or --out" }), true),
  }),
  ...outputOptions,
  ...section("Output", {
    plot: switchOption("plot the learning curves in the terminal at the end"),
    report: switchOption(`with --out: also write an HTML report, ${runFiles.page}`),
    tensorboard: valued("DIR", text({ help: "write event files for TensorBoard" })),
    networkList: switchOption("list the networks", { letter: "n" }),
    version: switchOption("show the version"),
  }),
  ...helpOptions,
};

/** Trains a network. */
export const trainCommand = command({
  name: "train",
  summary: "Trains a network",
  usage: "NETWORK [options]",
  examples: [
    "train lenet5",
    "train lenet5 --epochs 10 --save lenet5.ym",
    "train mlp --epochs 5 --seed 7",
    "train dropout --update adam --learning-rate 0.001 --device webgpu",
    "train mlp --set nUnits=100 --set l2Reg=0 --out runs/small",
    "train --resume runs/small --epochs 50 --plot",
    "train logistic_regression --data digits --json",
  ],
  options,
  details: ({ examples }, width) => `Networks:\n${networkList(examples, width)}`,
  run({ words, options }, context): Ending | Promise<Ending> {
    const { output, program } = context;
    const word = resumedWord({ ...options, words, networks: Object.keys(program.examples) });
    const given = withRunFolder(word === undefined ? options : { ...options, resume: word });
    if (given.networkList) return shown(output, networkList(program.examples, output.resultColumns?.()));
    if (given.version) return shown(output, version);
    return train(word === undefined ? words : without(words, word), given, context);
  },
});

function shown(output: Context["output"], text: string): Ending {
  output.result(text);
  return "ok";
}

/** The words without the last one that is `word`. */
function without(words: readonly string[], word: string): readonly string[] {
  return words.toSpliced(words.lastIndexOf(word), 1);
}

type Given = GivenValues<typeof options>;

/** The model of a run folder stands for the run, unless the training is saved elsewhere. */
function withRunFolder(given: Given): Given {
  const { resume, save, out } = given;
  if (typeof resume !== "string" || basename(resume) !== runFiles.model || save !== undefined) return given;
  const folder = dirname(resume);
  const isOther = out !== undefined && resolve(out) !== resolve(folder);
  return isOther || !isRunFolder(folder) ? given : { ...given, resume: folder };
}

async function train(words: readonly string[], given: Given, context: Context): Promise<Ending> {
  const { config } = given;
  const isText = config?.endsWith(".yc") === false;
  const conf = config !== undefined && !isText ? { configuration: readConfiguration(config), file: config } : undefined;
  if (conf && words.length > 0) {
    throw new UsageError(`unexpected argument ${words[0]}: ${config} already names the network`);
  }
  const file = isText ? readConfig(config, options) : undefined;
  const base = parse([...file?.network ? [file.network] : [], ...file?.args ?? []], options);
  const isNamed = conf !== undefined || words.length > 0 || base.words.length > 0;
  const resumed = isNamed || given.resume === undefined ? undefined : resumedRun(given);
  for (const one of [base.options, given]) {
    checkSetOnce({ ...one, direct: directSettings(one) });
  }
  const layers = [resumed?.before ?? parse([], options), base, { words, options: given }];
  const all = inFullLength(layers.map(({ options }) => options));
  const merged = all.reduce(merge);
  const names = layers.findLast(({ words }) => words.length > 0)?.words ?? [];
  const { examples } = context.program;
  const named = { names, examples, model: conf ?? resumed?.model, isFull: merged.full };
  const { choice, remark } = chosen(named, all);
  const [metrics, augment] = [metricsIn(merged.metrics), augmentIn(merged.augment)];
  checkTrial(merged);
  checkOutput(merged);
  checkDistinct([{ by: "option --save", file: merged.save }], otherFiles(merged));
  const saving = isKept(merged) ? planSaving(merged, fileNameOf(choice.network)) : savedNowhere;
  if (merged.report && saving.out === undefined) throw new UsageError(REPORT_WHERE);
  const data = merged.data ?? resumed?.data;
  const request = { ...merged, augment, metrics, data, choice, remark, saving, earlyStop: earlyStopOf(merged) };
  return await runOne(request, merged, context);
}

/** Trains, or does what an option asks for instead. */
async function runOne(request: TrainingRequest, { rangeTest, profile }: Given, context: Context): Promise<Ending> {
  if (profile !== undefined) {
    const { runProfile } = await import("../training/profile_run.ts");
    return await runProfile({ ...request, profile }, context);
  }
  if (rangeTest === undefined) return await runTraining(request, context);
  const { runRangeTest } = await import("../training/range_test_run.ts");
  return await runRangeTest({ ...request, rangeTest }, context);
}

/** A training to resume whose network is not named on the command line. */
interface Resumed {
  /** The arguments with which the run was started. */
  readonly before?: Parsed<typeof options>;
  /** The configuration of the saved model, if there is no run folder. */
  readonly model?: FromFile;
  readonly data?: string | undefined;
}

function resumedRun({ resume, save, out }: Given): Resumed {
  const path = resume === true ? save ?? out : resume;
  if (path === undefined) throw new UsageError(RESUME_WHAT);
  // A run that could not be saved to its folder is resumed from another file.
  const run = [path, out].find((folder) => folder !== undefined && isRunFolder(folder));
  const [first, ...rest] = run === undefined ? [] : argumentsOf(run) ?? [];
  if (run !== undefined && first !== undefined) {
    const { words, options: before } = parse(first === "train" ? rest : [first, ...rest], options, { isLenient: true });
    // A run whose model is not in its folder may have been saved elsewhere.
    const saved = savedFileOf(run) === undefined ? before.save : undefined;
    const isOwn = out !== undefined || path !== run || isContinued(run, save) || isSamePath(save ?? run, saved ?? run);
    const files = { out: isOwn ? run : undefined, save: saved };
    if (words.length > 0) return { before: { words, options: { ...before, ...files } } };
  }
  const file = modelFileOf(path);
  const { configuration, report } = readFacts(file);
  return { model: { configuration, file }, data: knownData(report?.data) };
}

/** What can be trained: the network of a file, or a named one. */
interface Candidates {
  readonly model: FromFile | undefined;
  readonly names: readonly string[];
  readonly examples: Examples;
  /** Whether named networks are trained as documented. */
  readonly isFull: boolean;
}

/** What is trained, and a remark about it. */
interface Chosen {
  readonly choice: Choice;
  readonly remark: string | undefined;
}

function chosen(candidates: Candidates, said: readonly Given[]): Chosen {
  const [, ...now] = said; // the first options are those with which a resumed run was started
  const found = choose(candidates, said);
  const { network, update } = found.choice;
  for (const { set } of now) checkMomentum(set, { network, updates: [update] });
  return found;
}

function choose({ model, names, examples, isFull }: Candidates, said: readonly Given[]): Chosen {
  const [, ...now] = said;
  const wishesFor = (own: Settings) => {
    for (const one of now) checkPretraining(one, own);
    return said.map((one) => ({ ...one, direct: directSettings(one) }));
  };
  if (model && isFull) {
    throw new UsageError("option --full needs the name of a network, as in train lenet5 --full --resume FILE");
  }
  if (model) return { choice: chooseConfigured(model, ...wishesFor({})), remark: undefined };
  const isBare = now.some(({ resume }) => resume !== undefined && typeof resume !== "string");
  const name = networkName(names, examples, (word) => isBare ? `; to resume from it, write --resume=${word}` : "");
  const example = examples[name];
  const choice = chooseModel(name, isFull ? example : shortened(example), ...wishesFor(example.hyperparameters));
  return { choice, remark: isFull ? undefined : lengthOf(example, choice.set) };
}

const REPORT_WHERE = "option --report needs a run folder: --out DIR";

/** Throws if an output is not possible. */
function checkOutput({ report, out, resume, tensorboard, plot, json, quiet }: Given): void {
  if (json && quiet) refuseUnused({ plot }, { plot: "has no effect with --json and --quiet" });
  if (report && out === undefined && typeof resume !== "string") {
    throw new UsageError(REPORT_WHERE);
  }
  if (tensorboard !== undefined) checkFolderToBe(tensorboard);
}

/** Files of a training that its model must not replace. */
function otherFiles({ config, out }: Given): NamedFile[] {
  const { model: _model, ...others } = runFiles;
  const ofRun = out === undefined ? [] : Object.values(others).map((name) => join(out, name));
  return [{ by: "option --config", file: config }, ...ofRun.map((file) => ({ by: "option --out", file }))];
}

/** The hyperparameters that only short trainings have, which `--full` replaces by those of the network. */
const SHORTENED: readonly string[] = ["nEpochs", "pretrainingEpochs"];

/** Options of which later ones take precedence: `--full` over earlier numbers of epochs, and these over an earlier `--full`. */
function inFullLength(layers: readonly Given[]): Given[] {
  return layers.map((one, i) => {
    if (!layers.slice(i + 1).some(({ full }) => full)) return one;
    const set = one.set.filter(({ name }) => !SHORTENED.includes(name));
    return { ...one, epochs: undefined, pretrainingEpochs: undefined, set };
  });
}

/** The options of both; the second takes precedence. */
function merge(base: Given, given: Given): Given {
  const said = Object.entries(given).filter(([, value]) => value !== undefined && value !== false);
  return { ...base, ...Object.fromEntries(said) };
}

function earlyStopOf({ earlyStopping, noEarlyStopping }: Given): boolean | undefined {
  if (earlyStopping && noEarlyStopping) {
    throw new UsageError("options --early-stopping and --no-early-stopping are mutually exclusive");
  }
  return earlyStopping ? true : noEarlyStopping ? false : undefined;
}
