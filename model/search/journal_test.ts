import { assert, assertEquals, assertThrows } from "@std/assert";
import { FileError, FileFormatError } from "../files/errors.ts";
import { hyperparameters } from "../hyperparameters.ts";
import { gridOf } from "./combinations.ts";
import { type Definition, definitionOf, type DefinitionParts } from "./definition.ts";
import { Journal, readJournal } from "./journal.ts";
import { headerLine, rowLine } from "./journal_text.ts";
import { mergeJournals } from "./merge.ts";
import type { SearchRow } from "./row.ts";

const hps = hyperparameters({ batchSize: 20, learningRate: [0.1, [0.01, 0.1, 1]] });
const setting: DefinitionParts = { train: {}, giveUp: null, about: { place: "Köln" }, build: () => ({}) };
const definition = definitionOf(gridOf(hps), setting);

function row(number: number, changes: Partial<SearchRow> = {}): SearchRow {
  return {
    number,
    hyperparameters: [...hps][number],
    outcome: "trained",
    validationError: 12.5 + number,
    testError: null,
    errorUnit: "%",
    bestIteration: 7,
    epochs: 2,
    errors: [null, 12.5 + number],
    seconds: 0.5,
    device: "WebAssembly",
    failure: null,
    ...changes,
  };
}

function withJournal(work: (path: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    work(`${folder}/search.jsonl`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function write(path: string, rows: readonly SearchRow[], of: Definition = definition): void {
  using journal = Journal.open(path, of);
  rows.forEach((one) => journal.append(one));
}

Deno.test("rows are read as they were added", () => {
  withJournal((path) => {
    const failed = row(2, { outcome: "failed", failure: { name: "Diverged", message: "Cannot\ngo on: “NaN”" } });
    const rows = [row(0), failed, row(1, { validationError: Infinity, errors: [NaN, -0] })];
    write(path, rows.slice(0, 2));
    write(path, rows.slice(2));
    assertEquals(readJournal(path).rows, rows);
    using journal = Journal.open(path, definition);
    assertEquals(journal.rows, rows);
  });
});

Deno.test("a journal is on disk as soon as it is open, and each row as soon as it is added", () => {
  withJournal((path) => {
    // The bytes of the file that would be left after a loss of power: those before the last call of sync.
    const synced: number[] = [];
    const { prototype } = Deno.FsFile;
    const { syncSync } = prototype;
    prototype.syncSync = function () {
      synced.push(this.statSync().isDirectory ? -1 : Deno.statSync(path).size);
      syncSync.call(this);
    };
    try {
      using journal = Journal.open(path, definition);
      assertEquals(synced, [Deno.statSync(path).size, -1], "the header, then the name of the file in its folder");
      for (const number of [0, 1]) {
        journal.append(row(number));
        assertEquals(synced.at(-1), Deno.statSync(path).size, `row ${number}`);
      }
      assertEquals(synced.length, 4);
    } finally {
      prototype.syncSync = syncSync;
    }
  });
});

Deno.test("a journal that is cut anywhere has the rows before the cut, and accepts new ones", () => {
  withJournal((path) => {
    const head = headerLine(definition);
    const rows = [row(0), row(1, { device: "Größe" })];
    const whole = new TextEncoder().encode(head + rows.map(rowLine).join(""));
    const ends = [head, head + rowLine(rows[0])].map((text) => new TextEncoder().encode(text).length);
    const edges = [...ends, whole.length].flatMap((end) => [end - 1, end, end + 1]);
    for (let length = 0; length <= whole.length; length++) {
      if (length % 7 !== 0 && !edges.includes(length)) continue;
      Deno.writeFileSync(path, whole.subarray(0, length));
      const known = length === whole.length ? 2 : length >= ends[1] ? 1 : 0;
      write(path, [row(2)]);
      assertEquals(readJournal(path).rows, [...rows.slice(0, known), row(2)], `cut at ${length}`);
    }
  });
});

Deno.test("an invalid last line is dropped, an invalid line before it is an error", () => {
  withJournal((path) => {
    const lines = [headerLine(definition), rowLine(row(0))];
    Deno.writeTextFileSync(path, `${lines.join("")}\0\0\0\0\n`);
    write(path, [row(1)]);
    assertEquals(readJournal(path).rows, [row(0), row(1)]);
    const invalid = new TextEncoder().encode(lines.join("").replace("WebAssembly", "#"));
    Deno.writeFileSync(path, invalid.map((byte) => byte === "#".charCodeAt(0) ? 0xff : byte));
    write(path, [row(1)]);
    assertEquals(readJournal(path).rows, [row(0, { device: "\ufffd" }), row(1)]);
    Deno.writeTextFileSync(path, `${lines[0]}\0\0\0\0\n${lines[1]}`);
    assertThrows(() => readJournal(path), FileFormatError, "line 2 of");
    assertThrows(() => Journal.open(path, definition), FileFormatError, "expected JSON");
  });
});

Deno.test("a file that is not a journal is refused and unchanged", () => {
  withJournal((path) => {
    for (const text of ["a list of things to buy", "{}\n", "milk\nbread\n", '{"journal":2}\n']) {
      Deno.writeTextFileSync(path, text);
      assertThrows(() => Journal.open(path, definition), FileFormatError);
      assertEquals(Deno.readTextFileSync(path), text);
    }
    const { hyperparameters: _, ...incomplete } = row(0);
    Deno.writeTextFileSync(path, `${headerLine(definition)}${JSON.stringify(incomplete)}\n${rowLine(row(1))}`);
    assertThrows(() => readJournal(path), FileFormatError, 'the field "hyperparameters"');
    Deno.writeTextFileSync(path, `${headerLine(definition)}${rowLine({ ...row(0), number: 3 })}${rowLine(row(1))}`);
    assertThrows(() => readJournal(path), FileFormatError, "a combination below 3");
  });
});

Deno.test("a changed header is noticed", () => {
  withJournal((path) => {
    Deno.writeTextFileSync(path, headerLine(definition).replace('"batchSize":20', '"batchSize":21'));
    assertThrows(() => readJournal(path), FileFormatError, "the line was changed");
  });
});

Deno.test("the journal of another search is refused, and the differences are listed", () => {
  const other = gridOf(hps.with("batchSize", 50).with("learningRate", 0.1, [0.1, 0.2, 0.3]));
  const changed: DefinitionParts = {
    ...setting,
    train: { seed: 2 },
    about: { ...setting.about, data: "a1" },
    build: () => 1,
  };
  withJournal((path) => {
    write(path, [row(0)]);
    const before = Deno.readTextFileSync(path);
    const error = assertThrows(() => Journal.open(path, definitionOf(other, changed)), FileFormatError);
    const expected = [
      "values.batchSize: 50, not 20",
      "ranges.learningRate: [0.1,0.2,0.3], not [0.01,0.1,1]",
      "train.seed: 2, not none",
      'about.data: "a1", not none',
      "build: ",
    ];
    for (const difference of expected) assert(error.details.some((one) => one.startsWith(difference)), difference);
    assertEquals(error.details.length, expected.length);
    assert(error.message.endsWith(`undo the change: ${expected[0]}; and 4 more`), error.message);
    assertEquals(Deno.readTextFileSync(path), before);
  });
});

Deno.test("journals are not merged into one that a search is using, whose later rows would be lost", () => {
  withJournal((path) => {
    const other = `${path}.other`;
    write(other, [row(1)]);
    {
      using journal = Journal.open(path, definition);
      journal.append(row(0));
      for (const files of [[path], [other], [path, other]]) {
        assertThrows(() => mergeJournals(files, { into: path }), FileError, "another process is using it");
      }
      journal.append(row(2));
    }
    assertEquals(readJournal(path).rows, [row(0), row(2)]);
    mergeJournals([path, other], { into: path });
    assertEquals(readJournal(path).rows, [row(0), row(1), row(2)]);
    // The journal is free again, and new ones are created.
    write(path, [row(1)]);
    mergeJournals([other], { into: `${path}.new` });
    assertEquals(readJournal(`${path}.new`).rows, [row(1)]);
  });
});

Deno.test("two searches cannot use one journal at the same time", () => {
  withJournal((path) => {
    using _journal = Journal.open(path, definition);
    assertThrows(() => Journal.open(path, definition), FileError, "another process is using it");
  });
  assertThrows(() => Journal.open("/nowhere/journal", definition), FileError, "check the folder /nowhere");
});

/** Starts programs one after the other in a thread, until it is disposed. */
async function startingPrograms(): Promise<AsyncDisposable> {
  const text = `let isDone = false;
onmessage = () => isDone = true;
postMessage("started");
while (!isDone) await new Deno.Command("true").output();
postMessage("ended");`;
  const worker = new Worker(`data:application/javascript,${encodeURIComponent(text)}`, { type: "module" });
  const message = () => new Promise((resolve) => worker.onmessage = resolve);
  await message();
  return {
    async [Symbol.asyncDispose]() {
      const ended = message();
      worker.postMessage("end");
      await ended;
      worker.terminate();
    },
  };
}

Deno.test(
  "a closed journal can be opened at once, also while other programs are started",
  { ignore: Deno.build.os === "windows" },
  async () => {
    await using _programs = await startingPrograms();
    withJournal((path) => {
      for (let i = 0; i < 10_000; i++) Journal.open(path, definition)[Symbol.dispose]();
    });
  },
);

Deno.test("merging refuses journals of other searches, and figures that contradict each other", () => {
  withJournal((path) => {
    const other = `${path}.2`;
    write(path, [row(0), row(1, { outcome: "failed", validationError: null })]);
    write(other, [row(0, { seconds: 99, device: "another" }), row(1)]);
    const merged = mergeJournals([path, other]);
    assertEquals(merged.rows.map(({ number, outcome }) => [number, outcome]), [[0, "trained"], [1, "trained"]]);
    assertEquals(mergeJournals([other, path]).rows[1].outcome, "trained");
    assertEquals(merged.missing, [2]);
    const third = `${path}.3`;
    write(third, [row(0, { validationError: 1 })]);
    assertThrows(() => mergeJournals([path, third]), FileFormatError, "validationError: 12.5, not 1");
    const fourth = `${path}.4`;
    write(fourth, [], definitionOf(gridOf(hps), { ...setting, train: { seed: 3 } }));
    assertThrows(() => mergeJournals([path, fourth]), FileFormatError, "train.seed: none, not 3");
    assertThrows(() => mergeJournals([]), RangeError);
  });
});
