/**
 * The command that trains a network.
 *
 * @module
 */

import { version } from "../../model/mod.ts";
import { command, type Context } from "../command.ts";
import { readConfig } from "../config_file.ts";
import { type Ending, UsageError } from "../errors.ts";
import { networkList } from "../help.ts";
import { dataOptions, deviceOptions, helpOptions, outputOptions } from "../options/common.ts";
import { networkName } from "../options/network.ts";
import { flag, repeated, section, valued, type ValuesOf } from "../options/option.ts";
import { parse } from "../options/parse.ts";
import { text } from "../options/readers.ts";
import { directSettings, trainingOptions } from "../options/training.ts";
import { runFiles } from "../runs/folder.ts";
import { assignment, choose } from "../settings.ts";
import { runTraining } from "../training_run.ts";

const options = {
  ...trainingOptions,
  ...section("Training", {
    set: repeated("NAME=VALUE", assignment, "another value for a hyperparameter of the network, such as nUnits=100"),
    config: valued("FILE", text, "take options and hyperparameters from a JSON file; those given here go before"),
    earlyStopping: flag("stop when the validation error falls no more (so it is where nothing is said)"),
    noEarlyStopping: flag("train for all epochs"),
  }),
  ...dataOptions,
  ...deviceOptions,
  ...section("Files", {
    out: valued("DIR", text, `keep the run in a new folder: ${Object.values(runFiles).slice(1, 3).join(", ")}`),
  }),
  ...outputOptions,
  ...section("Output", {
    networkList: flag("list the networks", { letter: "n" }),
    version: flag("show the version"),
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
    "train mlp --epochs 5 --seed 7",
    "train dropout --update adam --learning-rate 0.001 --device webgpu",
    "train mlp --set nUnits=100 --set l2Reg=0 --out runs/small",
    "train logistic_regression --data digits --json",
  ],
  options,
  details: ({ examples }, width) => `Networks:\n${networkList(examples, width)}`,
  run({ words, options: given }, context): Ending | Promise<Ending> {
    const { output, program } = context;
    if (given.networkList) return shown(output, networkList(program.examples, output.resultColumns?.()));
    if (given.version) return shown(output, version);
    return train(words, given, context);
  },
});

function shown(output: Context["output"], text: string): Ending {
  output.result(text);
  return "ok";
}

type Given = ValuesOf<typeof options>;

async function train(words: readonly string[], given: Given, context: Context): Promise<Ending> {
  const { examples } = context.program;
  const { config } = given;
  const file = config === undefined ? undefined : readConfig(config, options);
  const base = parse(file?.args ?? [], options).options;
  const name = networkName(words.length === 0 && file?.network ? [file.network] : words, examples);
  const { hyperparameters: own } = examples[name];
  const wishes = [base, given].map((one) => ({ ...one, direct: directSettings(one, own) }));
  const choice = choose(name, examples[name], ...wishes);
  const merged = merge(base, given);
  return await runTraining({ ...merged, choice, earlyStop: earlyStopOf(merged) }, context);
}

/** What both say; the second goes before. */
function merge(base: Given, given: Given): Given {
  const said = Object.entries(given).filter(([, value]) => value !== undefined && value !== false);
  return { ...base, ...Object.fromEntries(said) };
}

function earlyStopOf({ earlyStopping, noEarlyStopping }: Given): boolean {
  if (!noEarlyStopping) return true;
  if (!earlyStopping) return false;
  throw new UsageError("options --early-stopping and --no-early-stopping exclude each other");
}
