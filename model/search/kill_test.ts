/**
 * Searches in processes of their own that are killed, or whose disk is full.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { finish } from "./finish.ts";
import { gridSearch } from "./grid_search.ts";
import { readJournal } from "./journal.ts";
import { searchHtml } from "../../views/search/html_table.ts";
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
    for (const format of ["csv", "json", "markdown"] as const) {
      assertEquals(formatTable(result, format), formatTable(undisturbed, format));
    }
    assertEquals(searchHtml(result), searchHtml(undisturbed));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a full disk ends the search with an error, and the rows before it stay", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const journal = `${folder}/search.jsonl`;
    // A limit to the size of files, in blocks of 512 or of 1024 bytes, that fails writes instead of ending the process.
    const script = "trap '' XFSZ; ulimit -f 3; exec \"$@\"";
    const args = ["-c", script, "sh", Deno.execPath(), "run", "-A", "--quiet", program, journal];
    const { code, stderr } = await new Deno.Command("sh", { args }).output();
    const errors = new TextDecoder().decode(stderr);
    assertEquals(code, 1, errors);
    assertStringIncludes(errors, `FileError: Cannot write ${journal}`);
    assertStringIncludes(errors, "earlier rows are kept: free some space, and search again");
    assert(Deno.readTextFileSync(journal).endsWith("}\n"));
    const { rows } = readJournal(journal);
    assert(rows.length > 0 && rows.length < sixteen.size, `${rows.length} rows`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
