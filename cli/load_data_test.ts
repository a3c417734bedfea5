import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DataError } from "../data/errors.ts";
import { UsageError } from "./errors.ts";
import { inFolder } from "../tests/in_folder.ts";
import { dataLine, loadData, loadForPeople, type LoadOptions } from "./load_data.ts";

function options(trainSize?: number): LoadOptions {
  return { trainSize, signal: new AbortController().signal, onProgress: () => {} };
}

/** Writes images of 28×28 pixels, in four files named like those of MNIST. */
async function writeImages(folder: string, training: number, test: number): Promise<void> {
  for (const [name, count] of [["train", training], ["t10k", test]] as const) {
    const images = new Uint8Array(16 + count * 784);
    images.set([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]);
    const labels = new Uint8Array(8 + count);
    labels.set([0, 0, 8, 1, 0, 0, 0, count]);
    await Deno.writeFile(join(folder, `${name}-images-idx3-ubyte`), images);
    await Deno.writeFile(join(folder, `${name}-labels-idx1-ubyte`), labels);
  }
}

Deno.test("synthetic digits come in the proportions of MNIST, with a warning that they are not MNIST", async () => {
  const loaded = await loadData("digits", options(11));
  const { name, training, validation, test } = loaded.data;
  assertEquals([name, training.length, validation.length, test?.length], ["digits", 11, 3, 3]);
  assertStringIncludes(loaded.warning ?? "", "NOT MNIST");
  assertEquals(loaded.reason, undefined);
  assertEquals(dataLine(loaded), "Data: digits; 11 training, 3 validation and 3 test examples");
});

Deno.test("more digits than there can be are refused with how many there can be", async () => {
  const most = "option --train-size cannot be 1956526: digits has at most 1956525 training images";
  await assertRejects(() => loadData("digits", options(1956526)), UsageError, most);
});

Deno.test("a directory is read without a warning, and cut to the requested number of training images", async () => {
  await inFolder(async (folder) => {
    await writeImages(folder, 60, 20);
    const all = await loadData(folder, options());
    assertEquals([all.data.name, all.warning], [folder, undefined]);
    assertEquals([all.data.training.length, all.data.validation.length, all.data.test?.length], [50, 10, 20]);
    const { data: few } = await loadData(folder, options(7));
    assertEquals([few.training.length, few.validation.length, few.test?.length], [7, 10, 20]);
    assertEquals((await loadData(folder, options(50))).data.training.length, 50);
    await assertRejects(
      () => loadData(folder, options(51)),
      UsageError,
      `option --train-size cannot be 51: ${folder} has 50 training images`,
    );
  });
});

Deno.test("the last sixth of the training images of a directory, rounded down, is for validation", async () => {
  for (const [images, validation] of [[59, 9], [60, 10], [61, 10]]) {
    await inFolder(async (folder) => {
      await writeImages(folder, images, 2);
      const { data } = await loadData(folder, options());
      assertEquals([data.training.length, data.validation.length], [images - validation, validation]);
    });
  }
});

Deno.test("a value that is neither a name nor a directory is refused with the nearest name", async () => {
  const refuse = (name: string, message: string) => assertRejects(() => loadData(name, options()), DataError, message);
  await refuse("minst", "expected mnist, digits, auto or a directory with IDX files; did you mean mnist?");
  await refuse("no/such/folder", 'Cannot load data "no/such/folder": there is no such directory');
  await inFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    await refuse(file, "there is no such directory");
    await refuse(join(file, "below"), "there is no such directory");
  });
});

Deno.test("the warning about the data is printed even if the output is quiet", async () => {
  const notes: string[] = [];
  const output = { result: () => {}, note: (text: string) => notes.push(text), columns: () => undefined };
  const signal = new AbortController().signal;
  const { data } = await loadForPeople({ data: "digits", trainSize: 5 }, {
    output,
    note: () => {},
    quiet: true,
    signal,
  });
  assertEquals(data.training.length, 5);
  assertEquals(notes.length, 1);
  assert(notes[0].includes("NOT MNIST"));
});

/** What is printed while MNIST is loaded from a cache with a damaged file, on a machine without a network. */
async function notesOfDamage(quiet: boolean, columns?: number): Promise<string[]> {
  const notes: string[] = [];
  const output = { result: () => {}, note: (text: string) => notes.push(text), columns: () => columns };
  const saved = Deno.env.get("XDG_CACHE_HOME");
  const { fetch } = globalThis;
  await inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "yadll", "mnist"), { recursive: true });
    await Deno.writeTextFile(join(folder, "yadll", "mnist", "train-labels-idx1-ubyte.gz"), "torn");
    Deno.env.set("XDG_CACHE_HOME", folder);
    globalThis.fetch = () => Promise.reject(new TypeError("no network"));
    try {
      const signal = new AbortController().signal;
      const context = { output, note: (line: string) => notes.push(`note: ${line}`), quiet, signal };
      await loadForPeople({ data: "auto", trainSize: 5 }, context);
    } finally {
      globalThis.fetch = fetch;
      if (saved === undefined) Deno.env.delete("XDG_CACHE_HOME");
      else Deno.env.set("XDG_CACHE_HOME", saved);
    }
  });
  return notes;
}

Deno.test({
  name: "the progress of loading is left out if the output is quiet, but never why these data are used",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const isDamage = (note: string): boolean => note.includes("is damaged and will be downloaded again");
    const loud = await notesOfDamage(false);
    assertEquals(loud.map(isDamage), [true, ...loud.slice(1).map(() => false)], loud.join("\n"));
    assert(loud.some((note) => note.startsWith("Downloading MNIST from ")), loud.join("\n"));
    const quiet = await notesOfDamage(true);
    assertEquals(quiet.length, 2, quiet.join("\n"));
    assertStringIncludes(quiet[0], "NOT MNIST");
    assertStringIncludes(quiet[1], "note: Cannot load ");
    assertEquals(loud.slice(-2).map((note) => note.slice(0, 17)), quiet.map((note) => note.slice(0, 17)));
    // On a terminal, the line of a download ends before the next one begins.
    const shown = await notesOfDamage(false, 80);
    assertEquals(
      shown.filter((note) => note.startsWith("Downloading ")).length,
      shown.filter((n) => n === "\n").length,
    );
    assertEquals(shown.at(-3), "\n");
  },
});
