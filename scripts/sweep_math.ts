/**
 * Compares exp, log, tanh and sigmoid of the WebAssembly backend with double precision for all 2³² singles, and prints
 * the largest error of each. It takes some minutes on all processors: `deno task sweep [function …]`.
 *
 * @module
 */

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { ScalarOp } from "../core/scalar/operations.ts";
import { openWasm } from "../core/wasm/backend.ts";
import { unitsOfLastPlace } from "../core/wasm/scalar/test_accuracy.ts";
import { programOf, Sketch, storing } from "../core/wasm/testing.ts";

/** The functions in double precision. */
const references = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
} satisfies Partial<Record<ScalarOp, (x: number) => number>>;

type Name = keyof typeof references;

/** The part of the bit patterns that one worker checks: every `workers`-th chunk. */
interface Share {
  readonly name: Name;
  readonly worker: number;
  readonly workers: number;
}

/** The largest error, and its argument. */
interface Worst {
  readonly error: number;
  readonly at: number;
}

const CHUNK = 2 ** 20;
const CHUNKS = 2 ** 32 / CHUNK;
const LIMIT = 2;

/** Makes a function that computes `name` for a chunk of singles on the backend. */
function chunkComputer(name: Name): (bits: Uint32Array<ArrayBuffer>) => Promise<Float32Array> {
  const s = new Sketch();
  const i = s.variable("i", CHUNK);
  const [x, y] = [s.slot("f32", CHUNK), s.slot("f32", CHUNK, "write")];
  const backend = openWasm({ threads: 1 });
  const buffers = [backend.allocate(4 * CHUNK), backend.allocate(4 * CHUNK)];
  const nest = s.nest([i], [storing([{ slot: y, index: i, value: s.f32(name, s.load(x, i)) }])]);
  const executable = backend.load(programOf(nest));
  return async (bits) => {
    backend.write(buffers[x], bits);
    executable.run(buffers);
    return new Float32Array(await backend.read(buffers[y], 4 * CHUNK));
  };
}

/** Numbers, and the results of the kernel. */
interface Chunk {
  readonly inputs: Float32Array;
  readonly outputs: Float32Array;
}

function worstOf(reference: (x: number) => number, { inputs, outputs }: Chunk, before: Worst): Worst {
  let worst = before;
  for (let n = 0; n < CHUNK; n++) {
    const expected = reference(inputs[n]);
    // Most results are the nearest single and need no exact comparison.
    if (outputs[n] === Math.fround(expected) && expected !== 0) continue;
    const error = unitsOfLastPlace(outputs[n], expected);
    if (error > worst.error) worst = { error, at: inputs[n] };
  }
  return worst;
}

async function sweep({ name, worker, workers }: Share): Promise<Worst> {
  const compute = chunkComputer(name);
  const bits = new Uint32Array(CHUNK);
  const inputs = new Float32Array(bits.buffer);
  let worst: Worst = { error: 0, at: 0 };
  for (let chunk = worker; chunk < CHUNKS; chunk += workers) {
    for (let n = 0; n < CHUNK; n++) bits[n] = chunk * CHUNK + n;
    worst = worstOf(references[name], { inputs, outputs: await compute(bits) }, worst);
  }
  return worst;
}

/** Sweeps one share in a separate worker. */
function sweepInWorker(share: Share): Promise<Worst> {
  const worker = new Worker(new URL(import.meta.url), { workerData: share });
  const { promise, resolve, reject } = Promise.withResolvers<Worst>();
  worker.on("message", resolve);
  worker.on("error", reject);
  return promise.finally(() => worker.terminate());
}

async function main(names: readonly string[]): Promise<void> {
  const known = Object.keys(references) as Name[];
  const unknown = names.find((name) => !Object.hasOwn(references, name));
  if (unknown) throw new RangeError(`Cannot sweep ${unknown}: expected some of ${known.join(", ")}`);
  const workers = navigator.hardwareConcurrency;
  for (const name of known.filter((name) => names.length === 0 || names.includes(name))) {
    const shares = Array.from({ length: workers }, (_, worker) => sweepInWorker({ name, worker, workers }));
    const { error, at } = (await Promise.all(shares)).reduce((a, b) => b.error > a.error ? b : a);
    console.log(`${name}: at most ${error.toFixed(3)} units of the last place, at ${at}`);
    if (error > LIMIT) Deno.exitCode = 1;
  }
}

if (isMainThread) await main(Deno.args);
else parentPort?.postMessage(await sweep(workerData));
