/**
 * Options of whatever searches for hyperparameters.
 *
 * @module
 */

import { text } from "../../core/options/values.ts";
import { giveUpOptions } from "../../model/search/give_up.ts";
import { drawOptions, searchOptions as declared } from "../../model/search/search_options.ts";
import { flag, type GivenValues, section, valued } from "../options/option.ts";

/** What is tried, where rows are kept, and what is written at the end. */
export const searchCommandOptions = section("Search", {
  random: valued("N", { ...drawOptions.count, otherwise: "all" }),
  journal: valued("FILE", text({ help: "keep rows in FILE, and go on with what it has" })),
  shard: valued("I/N", declared.shard),
  parallel: valued("N", declared.parallel),
  giveUp: valued("N", { ...giveUpOptions.epochs, help: `after N epochs, ${declared.giveUp.help}`, otherwise: "never" }),
  retryFailed: flag(declared.retryFailed.help),
  refit: flag("train the best combination once more, and test it"),
  save: valued("FILE", text({ help: "with refit: save the model that was trained once more, by convention .ym" })),
  table: valued("FILE", text({ help: "write the table to FILE: .csv, .json, .md, .html, or the picture, .svg" })),
  into: valued("FILE", text({ help: "with merge: write the journal of the whole to FILE" })),
});

/** What a command line says about a search. */
export type SearchSettings = GivenValues<typeof searchCommandOptions>;
