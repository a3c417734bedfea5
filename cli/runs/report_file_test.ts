import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { someEvents } from "../../views/events/testing.ts";
import { historyOf } from "../../views/testing.ts";
import { RUN_FORMAT } from "./format.ts";
import { writeReport } from "./report_file.ts";

Deno.test("a report is the text of its JSON, however many epochs it has", () =>
  inFolder((folder) => {
    const end = someEvents.at(-1);
    if (end?.event !== "end") throw new Error("Cannot write a report: the last event is not the end of a training");
    const file = join(folder, "report.json");
    for (const epochs of [0, 1, 2, 5000]) {
      const history = historyOf(...Array.from({ length: epochs }, (_, i) => 1 / (i + 1)));
      writeReport(file, { ...end.report, history });
      const { history: _, ...facts } = end.report;
      const text = JSON.stringify({ version: RUN_FORMAT.number, ...facts, history }, undefined, 2);
      assertEquals(Deno.readTextFileSync(file), `${text}\n`);
    }
  }));
