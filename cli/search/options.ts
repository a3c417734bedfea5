/**
 * Options of the commands that search for hyperparameters.
 *
 * @module
 */

import { text } from "../../core/options/values.ts";
import { giveUpOptions } from "../../model/search/give_up.ts";
import { drawOptions, searchOptions as declared } from "../../model/search/search_options.ts";
import { type GivenValues, section, switchOption, valued } from "../options/option.ts";

/** Options for the combinations, the journal and the results. */
export const searchCommandOptions = section("Search", {
  random: valued("N", { ...drawOptions.count, otherwise: "all" }),
  journal: valued("FILE", text({ help: "write rows to FILE, and resume from the rows in it" })),
  shard: valued("I/N", declared.shard),
  parallel: valued("N", declared.parallel),
  giveUp: valued("N", { ...giveUpOptions.epochs, help: `after N epochs, ${declared.giveUp.help}`, otherwise: "never" }),
  retryFailed: switchOption(declared.retryFailed.help),
  refit: switchOption("train the best combination again, and test it"),
  save: valued("FILE", text({ help: "with --refit: save the retrained model to FILE (.ym)" })),
  table: valued("FILE", text({ help: "write the table to FILE (.csv, .json, .md, .html), or a picture (.svg)" })),
  into: valued("FILE", text({ help: "with merge: write the merged journal to FILE" })),
});

/** The search options of a command line. */
export type SearchSettings = GivenValues<typeof searchCommandOptions>;
