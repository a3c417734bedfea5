import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { someEvents } from "../../views/events/testing.ts";
import { historyOf } from "../../views/testing.ts";
import { FileFormatError } from "../../model/files/errors.ts";
import { NewerFormatError } from "../../model/files/format.ts";
import { RUN_FORMAT } from "./format.ts";
import { readReport, writeReport } from "./report_file.ts";

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

Deno.test("a report is read as it was written, with each of its texts in one line, or refused", () =>
  inFolder((folder) => {
    const end = someEvents.at(-1);
    if (end?.event !== "end") throw new Error("Cannot read a report: the last event is not the end of a training");
    const file = join(folder, "report.json");
    const history = historyOf(3, 2, 1);
    writeReport(file, { ...end.report, history, model: "a\nb", network: "c\nd", data: "e\nf", updates: "g\nh" });
    const found = readReport(file);
    assertEquals(found.history.map(({ epoch }) => epoch), [1, 2, 3]);
    assertEquals([found.seed, found.seconds, found.stop], [end.report.seed, end.report.seconds, end.report.stop]);
    for (const text of [found.model, found.network, found.data, found.updates, found.device.name]) {
      assertEquals(text.includes("\n"), false);
    }
    const written = JSON.parse(Deno.readTextFileSync(file));
    const readWith = (part: object | null) => {
      Deno.writeTextFileSync(file, JSON.stringify(part && { ...written, ...part }));
      return readReport(file);
    };
    const { validationError: none } = readWith({ validationError: null });
    assertEquals(none, null);
    for (const stop of ["epochs", "patience", "aborted", "overfit"]) assertEquals(readWith({ stop }).stop, stop);
    for (const errorUnit of ["%", ""]) assertEquals(readWith({ errorUnit }).errorUnit, errorUnit);
    const odd: readonly (object | null)[] = [
      null,
      ...["model", "network", "data", "updates"].map((name) => ({ [name]: 5 })),
      ...["seed", "epochs", "validationError", "testError", "bestIteration", "samplesPerSecond"].map((name) => ({
        [name]: "5",
      })),
      ...["hyperparameters", "device", "versions", "seconds", "history"].map((name) => ({ [name]: 5 })),
      ...[{ device: {} }, { seconds: {} }, { seconds: { total: 1, training: "1" } }, { seconds: { training: 1 } }],
      ...[{ stop: "other" }, { stop: 5 }, { errorUnit: "?" }, { history: [5] }, { history: [{ epoch: "1" }] }],
    ];
    for (const part of odd) assertThrows(() => readWith(part), FileFormatError, "report", JSON.stringify(part));
    assertThrows(() => readWith({ version: 99 }), NewerFormatError, "newer version");
  }));
