/**
 * The command that trains a network.
 *
 * @module
 */

import { version } from "../../model/mod.ts";
import { command, type Context } from "../command.ts";
import type { Ending } from "../errors.ts";
import { networkList } from "../help.ts";
import { dataOptions, deviceOptions, helpOptions, outputOptions } from "../options/common.ts";
import { networkName } from "../options/network.ts";
import { flag, repeated, section, type ValuesOf } from "../options/option.ts";
import { directSettings, trainingOptions } from "../options/training.ts";
import { assignment, choose } from "../settings.ts";
import { runTraining } from "../training_run.ts";

const options = {
  ...trainingOptions,
  ...section("Training", {
    set: repeated("NAME=VALUE", assignment, "another value for a hyperparameter of the network, such as nUnits=100"),
  }),
  ...dataOptions,
  ...deviceOptions,
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
    "train mlp --set nUnits=100 --set l2Reg=0",
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

async function train(words: readonly string[], given: ValuesOf<typeof options>, context: Context): Promise<Ending> {
  const { examples } = context.program;
  const name = networkName(words, examples);
  const { update, set } = given;
  const direct = directSettings(given, examples[name].hyperparameters);
  const choice = choose(name, examples[name], { update, set, direct });
  return await runTraining({ ...given, choice }, context);
}
