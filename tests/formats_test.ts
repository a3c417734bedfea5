import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { RUN_FORMAT } from "../cli/runs/format.ts";
import { readRun } from "../cli/runs/read.ts";
import { setDevice } from "../core/mod.ts";
import type { Json } from "../layers/mod.ts";
import { FileFormatError, importModel, loadModel, readConfiguration, version } from "../model/mod.ts";
import { CONFIGURATION_FORMAT } from "../model/files/configuration.ts";
import { MODEL_FORMAT } from "../model/files/container.ts";
import { FOLDER_FORMAT } from "../model/files/folder.ts";
import type { FileFormat } from "../model/files/format.ts";
import { PARAMETERS_FORMAT } from "../model/files/parameters.ts";
import { readJournal } from "../model/search/journal.ts";
import { JOURNAL_FORMAT } from "../model/search/journal_text.ts";
import { folder, observers } from "./formats/observe.ts";
import { everyKind } from "./formats/samples.ts";
import { writers } from "./formats/write.ts";
import { inFolder } from "./in_folder.ts";

/** A kind of file: its formats, the position of its number, and its reader. */
interface Kind {
  readonly name: string;
  readonly format: FileFormat;
  /** The file in a folder that has the number. */
  readonly part?: string;
  /** The name of the number. */
  readonly field: string;
  read(path: string): unknown;
}

const kinds: Readonly<Record<string, Kind>> = {
  model: { name: "MODEL_FORMAT", format: MODEL_FORMAT, field: "version", read: (path) => loadModel(path) },
  configuration: {
    name: "CONFIGURATION_FORMAT",
    format: CONFIGURATION_FORMAT,
    field: "version",
    read: readConfiguration,
  },
  parameters: {
    ...{ name: "PARAMETERS_FORMAT", format: PARAMETERS_FORMAT, field: "version" },
    read: (path) => everyKind().loadParams(path),
  },
  exported: {
    ...{ name: "FOLDER_FORMAT", format: FOLDER_FORMAT, part: "model.safetensors", field: "folderVersion" },
    read: (path) => importModel(path),
  },
  run: { name: "RUN_FORMAT", format: RUN_FORMAT, part: "events.jsonl", field: "version", read: readRun },
  journal: { name: "JOURNAL_FORMAT", format: JOURNAL_FORMAT, field: "journal", read: readJournal },
};

/** Files of other kinds in folders, each with its own number. */
const parts: readonly (Kind & { readonly of: string })[] = [
  { ...kinds.run, of: "run", part: "report.json" },
  { ...kinds.parameters, of: "exported", part: "model.safetensors", read: kinds.exported.read },
  { ...kinds.configuration, of: "exported", part: "config.json", read: kinds.exported.read },
];

const expected: Readonly<Record<string, Json>> = JSON.parse(await Deno.readTextFile(join(folder, "expected.json")));

/** The names of the files and folders of a kind. */
function namesOf(kind: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.startsWith(`${kind}_`)).sort();
}

/** The format in a name: `model_1_adam.ym` has format 1. */
function numberOfName(name: string): number {
  return Number(name.replace(/\.\w+$/, "").split("_")[1]);
}

/** A test that computes on WebAssembly, and leaves the device open. */
function testOnWasm(name: string, body: () => Promise<void>): void {
  const fn = async () => {
    await setDevice("wasm");
    await body();
  };
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

/** Fails if two values differ; numbers may differ by a millionth. */
function assertAlike(actual: Json, wanted: Json, place: string): void {
  if (typeof wanted === "number" && typeof actual === "number") {
    return assertAlmostEquals(actual, wanted, 1e-6 * Math.max(1, Math.abs(wanted)), place);
  }
  if (typeof wanted !== "object" || wanted === null) return assertEquals(actual, wanted, place);
  assert(typeof actual === "object" && actual !== null, place);
  assertEquals(Object.keys(actual), Object.keys(wanted), place);
  const fields = actual as { readonly [name: string]: Json };
  for (const [name, one] of Object.entries(wanted)) assertAlike(fields[name], one, `${place}: ${name}`);
}

for (const kind of Object.keys(kinds)) {
  for (const name of namesOf(kind)) {
    testOnWasm(`${name} is read as on the day it was written`, async () => {
      assertAlike(await observers[kind](join(folder, name)), expected[name] ?? null, name);
    });
  }
}

/** A pattern for the numbers of a file, in its text: `"version": 1`, `"version":"1"`. */
function patternOf({ field }: Kind): RegExp {
  return new RegExp(`("${field}": ?"?)(\\d+)`, "g");
}

function textOf(path: string, { part = "" }: Kind): string {
  return new TextDecoder("latin1").decode(Deno.readFileSync(join(path, part)));
}

/** The numbers of a file. */
function numbersIn(path: string, kind: Kind): number[] {
  return [...textOf(path, kind).matchAll(patternOf(kind))].map(([, , number]) => Number(number));
}

Deno.test("every format has a file, whose name has the right number", () => {
  for (const [name, kind] of Object.entries(kinds)) {
    const { number, readable } = kind.format;
    assertEquals(readable, Array.from({ length: number }, (_, i) => i + 1), `${kind.name}: formats that can be read`);
    const found = [...new Set(namesOf(name).map(numberOfName))].sort((a, b) => a - b);
    assertEquals(found, readable, `formats of the files tests/formats/${name}_*; write one by tests/formats/write.ts`);
    for (const file of namesOf(name)) {
      const wrong = numbersIn(join(folder, file), kind).filter((one) => one !== numberOfName(file));
      assertEquals(wrong, [], file);
    }
  }
});

Deno.test("every file has recorded values, and all recorded values have a file", () => {
  assertEquals(Object.keys(expected).sort(), Object.keys(kinds).flatMap(namesOf).sort());
});

Deno.test("every format of the code is tested", () => {
  const found = ["model", "cli", "views", "data"].flatMap((one) => formatsIn(join(folder, "../..", one)));
  assertEquals(found.sort(), Object.values(kinds).map(({ name }) => name).sort());
});

function formatsIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) => {
    const path = join(directory, name);
    if (isDirectory) return formatsIn(path);
    if (!name.endsWith(".ts") || name.endsWith("_test.ts")) return [];
    const text = Deno.readTextFileSync(path);
    return [...text.matchAll(/^export const (\w+): FileFormat\b/gm)].map(([, constant]) => constant);
  });
}

testOnWasm("whatever is written carries the number of its format", async () => {
  const remarks: Readonly<Record<string, string>> = { configuration: "network" };
  await inFolder(async (directory) => {
    for (const [name, kind] of Object.entries(kinds)) {
      const path = join(directory, name);
      await writers[name](path, remarks[name] ?? "");
      const within = [kind, ...parts.filter(({ of }) => of === name)];
      for (const one of within) {
        const numbers = new Set(numbersIn(path, one));
        assertEquals([...numbers], [one.format.number], `${name}, ${one.part ?? ""}`);
      }
    }
  });
});

/** Checks that a copy of a file with an unknown number is refused. */
async function refuseLater(of: string, kind: Kind): Promise<void> {
  const { format: { number, readable, kind: what }, part = "", read } = kind;
  assert(number < 9);
  const source = namesOf(of).find((name) => numbersIn(join(folder, name), kind).length > 0);
  assert(source, `no file of ${of} has a number in ${part}`);
  await inFolder(async (directory) => {
    const path = join(directory, source);
    copy(join(folder, source), path);
    const later = textOf(path, kind).replaceAll(patternOf(kind), "$19");
    Deno.writeFileSync(join(path, part), Uint8Array.from(later, (letter) => letter.charCodeAt(0)));
    const error = await assertRejects(() => Promise.try(read, path), FileFormatError);
    const numbers = readable.join(", ").replace(/, (\d+)$/, " or $1");
    assertEquals(error.expected, `${what} of format ${numbers}, which yadll ${version} reads`);
    assertEquals(error.got, "format 9: it was written by a newer version of yadll; update to read it");
    assert(error.file.endsWith(join(source, part)), error.file);
  });
}

Deno.test("a file of a later format is refused, and the error says that a newer version wrote it", async () => {
  for (const [name, kind] of Object.entries(kinds)) await refuseLater(name, kind);
  for (const part of parts) await refuseLater(part.of, part);
});

/** Copies a file, or a folder of files. The copies can be written, even if the checkout is read-only. */
function copy(from: string, to: string): void {
  if (Deno.statSync(from).isFile) return Deno.writeFileSync(to, Deno.readFileSync(from));
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) copy(join(from, name), join(to, name));
}
