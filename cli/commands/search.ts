/**
 * The command that searches for hyperparameters.
 *
 * @module
 */

import { trainOptions } from "../../model/training/train_options.ts";
import { digestOf } from "../../data/digest.ts";
import { networks } from "../networks.ts";
import { command, type Context } from "../command.ts";
import { chooseDevice } from "../device_line.ts";
import { type Ending, UsageError } from "../errors.ts";
import { settingsIn, shortened } from "../example.ts";
import { columns } from "../help.ts";
import { dataLine, loadForPeople } from "../load_data.ts";
import { dataSection, deviceOptions, helpOptions, outputOptions } from "../options/common.ts";
import { networkName } from "../options/network.ts";
import { dashed, type GivenValues, repeated, section, switchOption } from "../options/option.ts";
import { isGiven } from "../options/unused.ts";
import { checkPretraining, directSettings, trainingOptions } from "../options/training.ts";
import { build, buildExample, keepData } from "../search/build.ts";
import { searchCommandOptions } from "../search/options.ts";
import { checkSearch, runMerge, runSearch } from "../search/run_search.ts";
import { spaceOf } from "../search/space.ts";
import { watchSearch, watchSearchJson } from "../search/watch.ts";
import { assignmentOption } from "../settings.ts";

const options = {
  ...section("Search", {
    set: repeated("NAME=VALUES", {
      ...assignmentOption,
      help: "values to try: a list a,b,c; or with --random a range: 1..9, log:0.001..1",
    }),
  }),
  ...searchCommandOptions,
  ...trainingOptions,
  ...section("Training", { noEarlyStopping: switchOption("train each combination for all epochs") }),
  ...dataSection,
  ...deviceOptions,
  ...outputOptions,
  ...helpOptions,
};

type Given = GivenValues<typeof options>;

/** Searches for hyperparameters. */
export const searchCommand = command({
  name: "search",
  summary: "Searches for the best hyperparameters of a network",
  usage: "NETWORK|merge JOURNAL… [options]",
  examples: [
    "search mlp --epochs 5 --set learningRate=0.01,0.1 --set nUnits=100,500",
    "search mlp --epochs 5 --random 20 --set learningRate=log:0.001..1 --set nUnits=50..500 --journal mlp.jsonl",
    "search lenet5 --set update=sgd,momentum,adam --set batchSize=100,500 --shard 0/2 --journal 0.jsonl",
    "search merge 0.jsonl 1.jsonl --into all.jsonl --table table.html",
  ],
  options,
  details: (_program, width) =>
    `What --set takes:\n${
      columns([
        ["learningRate=0.01,0.1", "each of these values, in every combination with the other lists"],
        ["update=sgd,adam", "the update rule is searched like a hyperparameter"],
        ["nUnits=50..500", "with --random: any value in between (a whole number if the hyperparameter is one)"],
        ["learningRate=log:0.001..1", "with --random: any value in between, on a logarithmic scale"],
        ["momentum=0.5", "a single value is set, not searched"],
      ], width)
    }`,
  run({ words: [first, ...rest], options: given }, context) {
    const watch = given.json ? watchSearchJson(context.output, given.quiet) : watchSearch(context.output, given.quiet);
    if (first === "merge") checkMerge(given);
    checkSearch(given);
    if (first !== "merge") {
      if (given.into !== undefined) {
        throw new UsageError("option --into needs merge: search merge JOURNAL… --into FILE");
      }
      return search([first, ...rest].filter((word) => word !== undefined), given, context);
    }
    if (rest.length === 0) throw new UsageError("nothing to merge: expected the journals of shards");
    return runMerge(rest, given, watch);
  },
});

/** The options of merge. */
const ofMerge: ReadonlySet<string> = new Set(["into", "table", "json", "quiet", "noColor", "help"]);

/** Throws if an option of a search is given for merge, where it would have no effect. */
function checkMerge(given: Given): void {
  const found = Object.entries(given).find(([name, value]) => !ofMerge.has(name) && isGiven(value));
  if (found) throw new UsageError(`merge has no option ${dashed(found[0])}: expected --into or --table`);
}

async function search(words: readonly string[], given: Given, context: Context): Promise<Ending> {
  const { program, output, signal } = context;
  const { json, quiet, random, seed = trainOptions.seed.default, noEarlyStopping } = given;
  const { classWeights, labelSmoothing } = given;
  const network = networkName(words, program.examples);
  const example = given.full ? program.examples[network] : shortened(program.examples[network]);
  const isOwn = program.examples !== networks;
  checkPretraining(given, example.hyperparameters);
  if (isOwn && (given.parallel ?? 1) > 1) {
    throw new UsageError("only the networks of this library can be tried in parallel: workers find them by name");
  }
  const wishes = { ...given, direct: directSettings(given), isRandom: random !== undefined };
  spaceOf(network, example, { ...wishes, fixed: {} });
  const watch = json ? watchSearchJson(output, quiet) : watchSearch(output, quiet);
  const note = quiet ? () => {} : watch.note;
  const loaded = await loadForPeople(given, { output, note, quiet, signal });
  note(await chooseDevice(given));
  note(dataLine(loaded));
  // Workers load the data that were found here, not what `auto` would find for them.
  const isDirectory = given.data !== undefined && !["auto", "mnist", "digits"].includes(given.data);
  const fixed = { network, data: isDirectory ? given.data : loaded.data.name, trainSize: given.trainSize ?? 0 };
  keepData(fixed, loaded.data);
  return await runSearch(
    {
      ...spaceOf(network, example, { ...wishes, fixed }),
      build: isOwn ? (combination) => buildExample(example, settingsIn(combination)) : build,
      module: import.meta.resolve("../search/build.ts"),
      train: { seed, earlyStop: !noEarlyStopping, classWeights, labelSmoothing },
      about: { data: await digestOf(loaded.data) },
    },
    given,
    { watch, signal },
  );
}
