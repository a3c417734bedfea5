/**
 * Measures whether the engine joins pairs of vectors into vectors of eight numbers. Programs cannot read this from any
 * setting, but code whose vectors are adjacent in memory is then faster than the same code whose vectors are not.
 *
 * @module
 */

import { hasThreads } from "../../host.ts";
import { FunctionWriter, ModuleWriter } from "../encode/assembler.ts";
import { hasRelaxedSimd } from "../encode/relaxed.ts";
import { ownMemory, WideKernels } from "../product/wide_micro_kernel.ts";

const [ROWS, VECTORS, STEPS] = [4, 4, 2];
/** The bytes from one vector to the next if they are adjacent, and if they are not. */
const [JOINABLE, APART] = [16, 32];
/** The addresses of the results and of the numbers to multiply. */
const [RESULTS_AT, LEFT_AT, RIGHT_AT] = [0, 1024, 2048];
const RESULT_WORDS = 4 * ROWS * VECTORS;
/** All words from the results to the last number. */
const WORDS = (RIGHT_AT + APART * VECTORS * STEPS) / 4;
/** Optimized code is 2.2 times as fast as unoptimized code, and 6 times as fast if vectors are joined. */
const [OPTIMIZED, JOINED] = [1.5, 4];
/** Code with joined vectors is 2.8 times as fast as code without. */
const GAIN = 1.6;
/** Iterations per burst, bursts to compare, and milliseconds to wait for optimized code, which takes a few. */
const [TURNS, BURSTS, PATIENCE] = [1000, 8, 100];

type Probe = (turns: number) => void;

let joins: boolean | undefined;

/**
 * Whether the engine joins vectors and the results stay the same, measured once. Browsers are not measured, because
 * they start without flags for the engine and their clocks are too coarse.
 */
export function canJoinVectors(): boolean {
  return joins ??= hasRelaxedSimd && hasThreads() &&
    WebAssembly.validate(new WideKernels().bytes()) && tryOut();
}

function tryOut(): boolean {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  new Float32Array(memory.buffer, 0, WORDS).forEach((_, i, all) => all[i] = Math.fround(Math.sin(i)));
  const module = new ModuleWriter([ownMemory]);
  module.export("joinable", module.add(writeProbe(JOINABLE)));
  module.export("apart", module.add(writeProbe(APART)));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { own: memory } });
  const probes = [exports.joinable, exports.apart] as Probe[];

  const results = (): string => new Uint32Array(memory.buffer, RESULTS_AT, RESULT_WORDS).join();
  const burst = (probe: Probe): number => {
    const start = performance.now();
    probe(TURNS);
    return performance.now() - start;
  };
  const first = probes.map((probe) => Math.min(burst(probe), burst(probe), burst(probe)));
  burst(probes[0]);
  const before = results();
  const end = performance.now() + PATIENCE;
  const optimized = probes.map((): number[] => []);
  while (optimized.some((times) => times.length < BURSTS)) {
    probes.forEach((probe, i) => {
      const time = burst(probe);
      if (time * OPTIMIZED < first[i]) optimized[i].push(time);
    });
    if (performance.now() > end) return false;
  }
  burst(probes[0]);
  const [joinable, apart] = optimized.map((times) => Math.min(...times));
  return joinable * GAIN < apart && joinable * JOINED < first[0] && results() === before;
}

/** The function `(turns)` that adds products of vectors `spacing` bytes apart in registers. */
function writeProbe(spacing: number): FunctionWriter {
  const writer = new FunctionWriter(["i32"]);
  const { code } = writer;
  const sums = Array.from({ length: ROWS * VECTORS }, () => writer.local("v128"));
  const right = Array.from({ length: VECTORS }, () => writer.local("v128"));
  const left = writer.local("v128");
  code.loop();
  for (let step = 0; step < STEPS; step++) {
    right.forEach((local, i) => code.i32(0).op("v128.load", RIGHT_AT + spacing * (VECTORS * step + i)).set(local));
    for (let row = 0; row < ROWS; row++) {
      code.i32(0).op("v128.load32_splat", LEFT_AT + 4 * (ROWS * step + row)).set(left);
      right.forEach((local, i) => {
        const sum = sums[VECTORS * row + i];
        code.get(left).get(local).get(sum).op("f32x4.relaxed_madd").set(sum);
      });
    }
  }
  code.get(0).i32(-1).op("i32.add").tee(0).op("br_if", 0).end();
  sums.forEach((sum, i) => code.i32(0).get(sum).op("v128.store", RESULTS_AT + spacing * i));
  return writer;
}
