/**
 * A search in a process of its own that is killed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { finish } from "./finish.ts";
import { gridSearch } from "./grid_search.ts";
import { readJournal } from "./journal.ts";
import { formatTable } from "./table.ts";
import { buildSmall, sixteen } from "./test_search.ts";

const KILLS = 3;
const program = fromFileUrl(import.meta.resolve("./test_search.ts"));

function linesOf(path: string): number {
  try {
    return Deno.readTextFileSync(path).split("\n").length - 1;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Searches until the journal has some more lines, and kills the search a random while after. */
async function searchAndKill(journal: string): Promise<Deno.CommandStatus> {
  const enough = linesOf(journal) + 2 + Math.floor(Math.random() * 2);
  const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--quiet", program, journal] }).spawn();
  while (linesOf(journal) < enough) await new Promise((resume) => setTimeout(resume, 2));
  await new Promise((resume) => setTimeout(resume, Math.random() * 40));
  child.kill("SIGKILL");
  return await child.status;
}

Deno.test("a search that is killed three times and resumed has the table of one that was left alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const journal = `${folder}/search.jsonl`;
    for (let kill = 1; kill <= KILLS; kill++) {
      assertEquals((await searchAndKill(journal)).signal, "SIGKILL");
      // What is on the disk now may end in a line that is not whole; reading it makes no difference.
      assert(readJournal(journal).rows.length >= 1);
    }
    const known = readJournal(journal).rows.length;
    assert(known < sixteen.size, `all ${known} rows were known before the last search`);
    let resumed = 0;
    const result = await finish(gridSearch(sixteen, buildSmall, { journal }), (event) => {
      if (event.event === "row" && event.resumed) resumed++;
    });
    assertEquals(resumed, known);
    const undisturbed = await finish(gridSearch(sixteen, buildSmall));
    assertEquals(undisturbed.rows.length, 16);
    for (const format of ["csv", "json", "markdown", "html"] as const) {
      assertEquals(formatTable(result, format), formatTable(undisturbed, format));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
