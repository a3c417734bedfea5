import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ones, zeros } from "../../core/creation.ts";
import { key } from "../../core/random/bits.ts";
import { data } from "../../data/data.ts";
import { digitsLoader } from "../../data/digits/digits.ts";
import { inputLayer } from "../../layers/input.ts";
import { logisticRegression } from "../../layers/dense.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { FileError, FileFormatError } from "./errors.ts";
import { loadModel } from "./load_model.ts";
import { readParameters, writeParameters } from "./parameters.ts";
import { saveModel } from "./save_model.ts";
import { UnsavedError } from "../training/unsaved_error.ts";
import type { FileHandle } from "../../core/web_file.ts";

/** A file of a browser's private file system, whose disk is full after `space` bytes. */
function privateFile(name: string, space = Infinity): FileHandle & { content: Blob } {
  const file = {
    name,
    content: new Blob(),
    getFile: () => Promise.resolve(file.content),
    createWritable: () => {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      return Promise.resolve({
        write: (part: Uint8Array<ArrayBuffer>) => {
          parts.push(part);
          const full = parts.reduce((sum, { length }) => sum + length, 0) > space;
          return full ? Promise.reject(new Error("QuotaExceededError")) : Promise.resolve();
        },
        close: () => {
          file.content = new Blob(parts);
          return Promise.resolve();
        },
      });
    },
  };
  return file;
}

const input = inputLayer({ shape: [null, 4] });
const net = network("softmax", [input, logisticRegression(input, { nClass: 2 })]);
const trained = model({ network: net.withWeights(net.init(key(1))) });

const images = inputLayer({ shape: [null, 784] });
const untrained = model({
  network: network("digits", [images, logisticRegression(images, { nClass: 10, name: "output" })]),
  data: data(digitsLoader({ sizes: [200, 50, 50] })),
  hyperparameters: { batchSize: 20, nEpochs: 3, learningRate: 0.1 },
});

Deno.test("a model is saved in the browser's file system, and loaded from there, from a blob and by fetch", async () => {
  const file = privateFile("best.ym");
  await saveModel(trained, file);
  const x = ones([1, 4]);
  const expected = await trained.getOutput(x).toArray();
  for (const source of [file, file.content, new File([file.content], "a.ym"), new Response(file.content)]) {
    assertEquals(await (await loadModel(source)).getOutput(x).toArray(), expected);
  }
});

Deno.test("parameters are saved in the browser's file system, and loaded by fetch", async () => {
  const file = privateFile("mlp.yp");
  await writeParameters(file, { network: "mlp", params: { output: { b: ones([2]) } } });
  const like = { network: "mlp", params: { output: { b: zeros([2]) } } };
  for (const source of [file, new Response(file.content)]) {
    assertEquals(await (await readParameters(source, like)).output.b.toArray(), [1, 1]);
  }
});

Deno.test("what is wrong with a file of the web is said, and a failed save leaves it unchanged", async () => {
  const missing = new Response("not here", { status: 404, statusText: "Not Found" });
  await assertRejects(
    () => loadModel(missing),
    FileError,
    "Cannot read the response: the server answered 404 Not Found",
  );
  const damaged = new File(["no model"], "my.ym");
  await assertRejects(() => loadModel(damaged), FileFormatError, "Cannot read my.ym: expected");
  const full = privateFile("full.ym", 10);
  await assertRejects(() => saveModel(trained, full), FileError, "QuotaExceededError; the file is unchanged");
  assertEquals(full.content.size, 0);
  assertThrows(() => loadModel("https://example.org/a.ym"), TypeError, "pass await fetch(…) instead");
});

Deno.test("a training is saved to the browser's file system, and resumed from there bit for bit", async () => {
  const file = privateFile("digits.ym");
  const controller = new AbortController();
  const saves: unknown[] = [];
  await untrained.train({
    file,
    signal: controller.signal,
    onEvent: (event) => {
      if (event.event === "save") saves.push(event.file);
      if (event.event === "step" && event.iteration === 13) controller.abort();
    },
  });
  assertEquals(saves, ["digits.ym"]);
  const whole = await untrained.train();
  for (const resume of [file.content, new Response(file.content), true]) {
    const resumed = await untrained.train({ file, resume, ...resume !== true && { saveMode: null } });
    assertEquals(resumed.report.iterations, whole.report.iterations);
    assertEquals(
      await resumed.model.network.params["output"].W.data(),
      await whole.model.network.params["output"].W.data(),
    );
  }
  const other = untrained.with({ file: privateFile("other.ym") });
  await assertRejects(() => other.train({ resume: privateFile("empty.ym") }), FileFormatError, "Cannot read empty.ym");
});

Deno.test("a training that the browser cannot save is in the error, and is saved elsewhere", async () => {
  const error = await assertRejects(() => untrained.train({ file: privateFile("full.ym", 10) }), UnsavedError);
  const file = privateFile("elsewhere.ym");
  await error.saveTo(file);
  assertEquals((await loadModel(file)).report?.iterations, error.result.report.iterations);
});

Deno.test("a network's parameters are saved and loaded by its own methods", async () => {
  const file = privateFile("softmax.yp");
  await trained.network.saveParams(file);
  const loaded = await net.loadParams(file);
  assertEquals(await loaded.getOutput(ones([1, 4])).toArray(), await trained.getOutput(ones([1, 4])).toArray());
  await assertRejects(() => net.loadParams(new Blob()), FileFormatError, "Cannot read the blob");
});

/** A blob that counts the bytes that were read. */
class CountingBlob extends Blob {
  read = 0;

  override slice(start?: number, end?: number): Blob {
    const count = (bytes: number) => this.read += bytes;
    const part = super.slice(start, end);
    return Object.assign(part, {
      arrayBuffer: () => {
        count(part.size);
        return Blob.prototype.arrayBuffer.call(part);
      },
    });
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    this.read += this.size;
    return super.arrayBuffer();
  }
}

Deno.test("of a blob that is no model, or promises more than it has, only the header is read", async () => {
  const file = privateFile("best.ym");
  await saveModel(trained, file);
  const header = (text: string) => [Uint8Array.of(text.length, 0, 0, 0, 0, 0, 0, 0), text];
  const wide = JSON.stringify({ a: { dtype: "BF16", shape: [2 ** 20], data_offsets: [0, 2 ** 21] } });
  const cases = [
    [new Uint8Array(2 ** 24).fill(255), {}, "the length of its header"],
    [header('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'), {}, "bytes follow its end"],
    [[file.content], {}, "bytes follow its end"],
    // Elements of 2 bytes take 4 in memory.
    [
      header(wide),
      { limitBytes: 2 ** 21 + 1000 },
      "expected at most 2098152 bytes (see option limitBytes), got 4194304",
    ],
  ] as const;
  for (const [parts, options, message] of cases) {
    const rest = new Uint8Array(message.includes("limitBytes") ? 2 ** 21 : 2 ** 20);
    const blob = new CountingBlob([...parts instanceof Uint8Array ? [parts] : parts, rest]);
    await assertRejects(() => loadModel(blob, {}, options), FileFormatError, message);
    assert(blob.read < 2000, `${message}: ${blob.read} of ${blob.size} bytes were read`);
  }
});

Deno.test("the content of a response may take no more memory than the limit, like that of a file", async () => {
  const text = JSON.stringify({ a: { dtype: "BF16", shape: [1000], data_offsets: [0, 2000] } });
  const bytes = [Uint8Array.of(text.length, 0, 0, 0, 0, 0, 0, 0), text, new Uint8Array(2000)];
  const like = { network: "a", params: { a: zeros([1000]) } };
  const read = () => readParameters(new Response(new Blob(bytes)), like, { limitBytes: 3000 });
  await assertRejects(read, FileFormatError, "expected at most 3000 bytes (see option limitBytes), got 4000");
});
