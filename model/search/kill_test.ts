/**
 * Searches in separate processes that are killed, or whose disk is full.
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

/** Searches until the journal has some more lines, and kills the search after a random delay. */
async function searchAndKill(journal: string): Promise<Deno.CommandStatus> {
  const enough = linesOf(journal) + 2 + Math.floor(Math.random() * 2);
  const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--quiet", program, journal] }).spawn();
  while (linesOf(journal) < enough) await new Promise((resume) => setTimeout(resume, 2));
  await new Promise((resume) => setTimeout(resume, Math.random() * 40));
  child.kill("SIGKILL");
  return await child.status;
}

Deno.test("a search that is killed three times and resumed has the same table as an uninterrupted one", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const journal = `${folder}/search.jsonl`;
    for (let kill = 1; kill <= KILLS; kill++) {
      assertEquals((await searchAndKill(journal)).signal, "SIGKILL");
      // The journal may now end in an incomplete line; reading it does not matter.
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

Deno.test("a full disk ends the search with an error, and earlier rows are kept", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const journal = `${folder}/search.jsonl`;
    // A limit on file sizes, in blocks of 512 or 1024 bytes. Writes fail, but the process does not end.
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
