/**
 * Searches that are killed at random times, and resumed until they end.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { exists } from "../../../cli/files/check_writable.ts";
import { finish } from "../../../model/search/finish.ts";
import { gridSearch } from "../../../model/search/grid_search.ts";
import { readJournal } from "../../../model/search/journal.ts";
import { formatTable } from "../../../model/search/table.ts";
import { buildSmall, sixteen } from "../../../model/search/test_search.ts";
import { inFolder } from "../../in_folder.ts";
import { delaysOf, durationOf, kill, spawn, type Tried, waitFor } from "./tried.ts";

const program = fromFileUrl(import.meta.resolve("../../../model/search/test_search.ts"));

/** The number of processes that are killed, and the longest delay after a new row, of the time of all rows. */
const [STOPS, SHARE] = [4, 1 / 5];

/** The table of a whole search, or of one that is resumed. */
async function tableOf(journal?: string): Promise<string> {
  return formatTable(await finish(gridSearch(sixteen, buildSmall, journal === undefined ? {} : { journal })), "csv");
}

/** Kills a search some times, and resumes it. Its journal must stay readable, and its table that of a whole search. */
export async function killSearches(seed: number): Promise<Tried> {
  const [faults, delay]: [string[], ReturnType<typeof delaysOf>] = [[], delaysOf(seed)];
  let kills = 0;
  await inFolder(async (folder) => {
    const [journal, whole] = [`${folder}/search.jsonl`, `${folder}/whole.jsonl`];
    const duration = await durationOf(() => exists(whole), spawn(program, [whole]));
    for (let stop = 0; stop < STOPS; stop++) {
      const before = exists(journal) ? Deno.statSync(journal).size : 0;
      const child = spawn(program, [journal]);
      await waitFor(() => exists(journal) && Deno.statSync(journal).size > before, child);
      await delay(SHARE * duration);
      kill(child, "SIGKILL");
      if ((await child.status).signal === "SIGKILL") kills++;
      try {
        readJournal(journal);
      } catch (error) {
        faults.push(`a search killed with seed ${seed} leaves a damaged journal: ${error}`);
      }
    }
    if (await tableOf(journal) !== await tableOf()) {
      faults.push(`a search killed with seed ${seed} ends with another table`);
    }
  });
  return { kills, faults };
}
