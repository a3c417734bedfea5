import { assert, assertEquals, assertThrows } from "@std/assert";
import { toFileUrl } from "@std/path";
import {
  data,
  openNpy,
  openNpySet,
  readCsv,
  readIdx,
  readImageFolder,
  readImages,
  readNpy,
  readNpz,
  readParquet,
  readTable,
  samples,
} from "../data/mod.ts";
import { inputLayer, logisticRegression } from "../layers/mod.ts";
import {
  checkWritable,
  importModel,
  loadModel,
  model,
  network,
  readFolder,
  readWhole,
  transferWeights,
  writeAtomically,
} from "../model/mod.ts";
import { jsonLinesWriter, tensorBoardWriter } from "../views/mod.ts";
import { inFolder } from "./in_folder.ts";

const input = inputLayer({ shape: [null, 2] });
const set = { x: samples([[1, 2], [2, 1]]), y: Int32Array.of(0, 1) };
const learner = model({
  network: network("net", [input, logisticRegression(input, { nClass: 2 })]),
  data: data([set, set]),
  hyperparameters: { batchSize: 2, nEpochs: 1 },
});
const { model: trained } = await learner.train();

/** A value that is passed as a path, whatever it is. */
type Given = string;

/** Functions that read a file. */
const readers: Readonly<Record<string, (path: Given) => unknown>> = {
  readNpy,
  readNpz,
  readIdx,
  readCsv,
  readTable,
  readParquet,
  openNpy,
  "openNpySet, inputs": (path) => openNpySet(path, "nowhere.npy"),
  "openNpySet, targets": (path) => openNpySet(numbersFile, path),
  loadModel,
  readWhole,
  transferWeights: (path) => transferWeights(path, trained.network),
  loadParams: (path) => trained.network.loadParams(path),
  resume: (path) => learner.train({ resume: path }),
};

/** Functions that read a folder, or files of several kinds. */
const others: Readonly<Record<string, (path: Given) => unknown>> = {
  readImageFolder: (path) => readImageFolder(path, { size: [2, 2] }),
  readImages: (path) => readImages([path], { size: [2, 2] }),
  importModel,
  readFolder,
};

/** Functions that write a file. */
const writers: Readonly<Record<string, (path: Given) => unknown>> = {
  checkWritable,
  writeAtomically: (path) => writeAtomically(path, []),
  saveParams: (path) => trained.network.saveParams(path),
  saveModel: (path) => trained.saveModel(path),
  file: (path) => learner.train({ file: path }),
  jsonLinesWriter,
};

/** The bytes of an NPY file of two numbers. */
function npyBytes(): Uint8Array {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(117) + "\n";
  const text = new TextEncoder().encode(`NUMPY${String.fromCharCode(1, 0, header.length, 0)}${header}`);
  return Uint8Array.of(0x93, ...text, ...new Uint8Array(8));
}

const numbersFile = await Deno.makeTempFile({ suffix: ".npy" });
await Deno.writeFile(numbersFile, npyBytes());
globalThis.addEventListener("unload", () => Deno.removeSync(numbersFile));

/** What a call throws or rejects with. */
async function errorOf(call: (path: Given) => unknown, path: unknown): Promise<Error> {
  try {
    const result = await call(path as Given);
    throw new Error(`No error, but ${result}`);
  } catch (error) {
    assert(error instanceof Error);
    return error;
  }
}

async function assertSays(calls: typeof readers, path: string | URL, reason: string): Promise<void> {
  for (const [name, call] of Object.entries(calls)) {
    const { message } = await errorOf(call, path);
    const named = path instanceof URL ? path.pathname : path;
    assert(message.startsWith("Cannot ") && message.includes(named) && message.includes(reason), `${name}: ${message}`);
  }
}

Deno.test("functions that open a file name a folder that is given instead, and say so", async () => {
  await inFolder(async (folder) => {
    for (const path of [folder, toFileUrl(folder)]) {
      await assertSays(readers, path, "it is a folder; give the path of a file");
      await assertSays(writers, path, "it is a folder; give the path of a file");
    }
    assertThrows(() => openNpy(folder), Deno.errors.IsADirectory);
  });
});

Deno.test("functions that open a file name one that does not exist, and paths through files, and say what to do", async () => {
  await inFolder(async (folder) => {
    await assertSays({ ...readers, ...others }, `${folder}/none`, "there is no such");
    await assertSays(writers, `${folder}/none/file`, `${folder}/none`);
    await Deno.writeTextFile(`${folder}/file`, "text");
    const reason = "a part of the path is a file, not a folder; check the path";
    await assertSays({ ...readers, ...others, ...writers, tensorBoardWriter }, `${folder}/file/inner`, reason);
  });
});

Deno.test("what is no path is refused by its kind", async () => {
  for (const [name, call] of Object.entries({ ...readers, ...others, ...writers, tensorBoardWriter })) {
    for (const value of [null, 3, "", {}, []]) {
      const error = await errorOf(call, value);
      const isTyped = error instanceof TypeError || error instanceof RangeError;
      assert(isTyped && error.message.startsWith("Cannot "), `${name} of ${value}: ${error.message}`);
    }
  }
});

Deno.test("what is no file system is refused by its kind", () => {
  for (const files of [null, 3, {}, "files"] as never[]) {
    const calls = [() => checkWritable("a", files), () => readWhole("a", files), () => writeAtomically("a", [], files)];
    const found = calls.map((call) => assertThrows(call, TypeError).message.split(", got")[0]);
    assertEquals(found, [
      "Cannot write a file: expected files to be a file system",
      "Cannot read a file: expected files to be a file system",
      "Cannot write a file: expected files to be a file system",
    ]);
  }
});
