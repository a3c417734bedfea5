import { assert, assertEquals, assertRejects } from "@std/assert";
import { graphOf } from "../../tests/oracle.ts";
import { type Backend, type DeviceBuffer, DeviceError, type Executable } from "../backend.ts";
import { CompiledGraph } from "../compiled_graph.ts";
import { gather } from "../functions/selection.ts";
import { valueAndGrad } from "../gradients.ts";
import { threefry2x32 } from "../scalar/double_precision.ts";
import { Storage } from "../storage.ts";
import type { Tensor } from "../tensor.ts";
import { openWebgpu } from "./backend.ts";
import { PooledBuffer } from "./run/buffers.ts";
import { UPLOAD_BYTES } from "./run/uploads.ts";
import { gpuTest, noise } from "./test_support.ts";

const [INPUTS, UNITS, BATCH] = [37, 19, 8];
const shapes = [[INPUTS, UNITS], [UNITS, 3], [INPUTS, UNITS], [UNITS, 3], [BATCH, INPUTS]];
const types = shapes.map((shape) => ({ shape, dtype: "f32" } as const));

/** A step of a small network with momentum, which overwrites its weights, and the cost before it. */
function trainingStep(backend: Backend): CompiledGraph {
  const step = (...[w, v, m, n, x]: Tensor[]): Tensor[] => {
    const cost = ([w, v]: Tensor[]): Tensor => x.matmul(w).tanh().matmul(v).sub(1).square().mean();
    const [value, [dw, dv]] = valueAndGrad(cost)([w, v]);
    const [after, afterwards] = [m.mul(0.9).add(dw), n.mul(0.9).add(dv)];
    return [w.sub(after.mul(0.1)), v.sub(afterwards.mul(0.1)), after, afterwards, value];
  };
  return new CompiledGraph(graphOf(step, types), backend, { name: "step", donated: new Set([0, 1, 2, 3]) });
}

const host = (shape: readonly number[], seed: number, scale = 1): Storage =>
  Storage.fromHost("f32", noise(shape.reduce((a, b) => a * b, 1), seed).map((value) => scale * value));

/** The bits of all costs and weights of eight steps, and what the steps took. */
async function eightSteps(stepsPerSubmission: number) {
  const probe = await openWebgpu({ allowSoftware: true });
  const { dispatches } = trainingStep(probe).executable;
  await probe.close();
  const commands = stepsPerSubmission * dispatches;
  const backend = await openWebgpu({ allowSoftware: true, submissions: { commands } });
  const step = trainingStep(backend);
  let state = shapes.slice(0, 4).map((shape, i) => host(shape, i + 1, i < 2 ? 1 : 0));
  const batches = Array.from({ length: 8 }, (_, i) => host(shapes[4], 10 + i));
  [...state, ...batches].forEach((storage) => storage.on(backend));
  const costs: Storage[] = [];
  const { submissions } = backend.statistics;
  for (const batch of batches) {
    const results = step.run([...state, batch]);
    state = results.slice(0, 4);
    costs.push(results[4]);
  }
  await undefined;
  const taken = backend.statistics.submissions - submissions;
  const bits: number[] = [];
  for (const storage of [...costs, ...state]) {
    bits.push(...new Uint32Array((await storage.read()).buffer as ArrayBuffer));
  }
  await backend.close();
  return { bits, taken, costs: new Float32Array(Uint32Array.from(bits.slice(0, 8)).buffer) };
}

gpuTest("1 to 8 steps per submission train to the same bits", async () => {
  const alone = await eightSteps(1);
  assertEquals(alone.taken, 8);
  assert(alone.costs[7] < alone.costs[0], `${alone.costs}`);
  for (let steps = 2; steps <= 8; steps++) {
    const { bits, taken } = await eightSteps(steps);
    assertEquals([taken, bits], [Math.floor(8 / steps), alone.bits], `${steps} steps per submission`);
  }
});

const [LENGTH, LONG] = [64, UPLOAD_BYTES / 4 + 5];

/** A program that adds 1 to each of some elements. */
function adding(backend: Backend, length: number): Executable {
  const graph = graphOf((x) => x.add(1), [{ shape: [length], dtype: "f32" }]);
  return new CompiledGraph(graph, backend, { name: "adding", donated: new Set([0]) }).executable;
}

/** Buffers of the device, and what they must hold. */
class Mirror {
  readonly values = [LENGTH, LENGTH, LENGTH, LONG, LONG].map((length) => new Float32Array(length));
  readonly buffers: DeviceBuffer[];
  readonly #add: ReadonlyMap<number, Executable>;
  #written = 0;

  constructor(readonly backend: Backend) {
    this.#add = new Map([LENGTH, LONG].map((length) => [length, adding(backend, length)]));
    this.buffers = this.values.map((values) => backend.allocate(values.byteLength));
    this.buffers.forEach((_, i) => this.write(i));
  }

  write(i: number): void {
    this.values[i].fill(++this.#written * 1000);
    this.backend.write(this.buffers[i], this.values[i]);
  }

  run(i: number): void {
    this.values[i].forEach((value, at) => this.values[i][at] = value + 1);
    const executable = this.#add.get(this.values[i].length)!;
    executable.run([this.buffers[i]]);
  }

  copy(from: number, to: number): void {
    if (from === to) return;
    const length = Math.min(this.values[from].length, this.values[to].length);
    this.values[to].set(this.values[from].subarray(0, length));
    this.backend.copy(this.buffers[from], this.buffers[to], 4 * length);
  }

  /** Returns the memory, takes some again, and writes to it: often the same. */
  replace(i: number): void {
    this.backend.release(this.buffers[i]);
    this.buffers[i] = this.backend.allocate(this.values[i].byteLength);
    this.write(i);
  }

  async check(i: number): Promise<void> {
    const read = new Float32Array(await this.backend.read(this.buffers[i], this.values[i].byteLength));
    assertEquals([read[0], read.at(-1)], [this.values[i][0], this.values[i].at(-1)]);
    assertEquals(read, this.values[i]);
  }
}

gpuTest("runs, writes, copies, reads and returned memory keep the order of the calls", async () => {
  for (const commands of [1, 3, 1000]) {
    const backend = await openWebgpu({ allowSoftware: true, submissions: { commands } });
    const mirror = new Mirror(backend);
    for (let turn = 0; turn < 400; turn++) {
      const [first, second] = threefry2x32([commands, 7], [turn, 0]);
      const [i, j] = [(first >>> 4) % 5, (second >>> 4) % 5];
      const action = (first >>> 12) % 12;
      if (action < 4) mirror.run(i);
      else if (action < 7) mirror.write(i);
      else if (action < 9) mirror.copy(i, j);
      else if (action < 11) mirror.replace(i);
      else await mirror.check(i);
    }
    for (const i of mirror.buffers.keys()) await mirror.check(i);
    await backend.close();
  }
});

gpuTest("work begins although nobody waits for it", async () => {
  const backend = await openWebgpu({ allowSoftware: true, submissions: { commands: 3 } });
  const executable = adding(backend, LENGTH);
  const buffer = backend.allocate(4 * LENGTH);
  const { submissions } = backend.statistics;
  const since = (): number => backend.statistics.submissions - submissions;
  executable.run([buffer]);
  assertEquals(since(), 0);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(since(), 1, "in the next turn of the event loop");
  for (let run = 0; run < 7; run++) executable.run([buffer]);
  assertEquals(since(), 3, "in a loop that awaits nothing");
  backend.submit!();
  assertEquals(since(), 4);
  for (let run = 0; run < 3; run++) executable.run([buffer]);
  await undefined;
  assertEquals(since(), 5, "when there is enough of it");
  executable.run([buffer]);
  await backend.close();
  assertEquals(since(), 6, "when the device is closed");
});

gpuTest(
  "wrong indices of one of several runs that were submitted together are reported, and others are right",
  async () => {
    const backend = await openWebgpu({ allowSoftware: true });
    const pick = graphOf((x, at) => gather(x, at), [{ shape: [4], dtype: "f32" }, { shape: [2], dtype: "i32" }]);
    const compiled = new CompiledGraph(pick, backend, { name: "pick" });
    const table = Storage.fromHost("f32", Float32Array.of(1, 2, 3, 4));
    const at = (...indices: number[]): Storage => Storage.fromHost("i32", Int32Array.from(indices));
    const [right] = compiled.run([table, at(3, 0)]);
    const [wrong] = compiled.run([table, at(1, 9)]);
    const [next] = compiled.run([table, at(2, 2)]);
    await assertRejects(() => right.read(), RangeError, "index 9");
    assertEquals([await right.read(), await next.read()], [Float32Array.of(4, 1), Float32Array.of(3, 3)]);
    wrong.dispose();
    await backend.close();
  },
);

gpuTest("if one run of a submission is invalid, no later use of the device gets wrong numbers", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const executable = adding(backend, LENGTH);
  const step = trainingStep(backend);
  const [good, bad] = [backend.allocate(4 * LENGTH), backend.allocate(4 * LENGTH)];
  backend.write(good, new Float32Array(LENGTH));
  executable.run([good]);
  executable.run([bad]);
  step.run(shapes.map((shape, i) => host(shape, i + 1)));
  assert(bad instanceof PooledBuffer);
  bad.gpu.destroy();
  for (let read = 0; read < 2; read++) {
    await assertRejects(
      () => backend.read(good, 4),
      DeviceError,
      "Cannot run adding, step, which were submitted together: ",
    );
  }
  await backend.close();
});

gpuTest("long runs with writes and returned memory take no more memory", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const step = trainingStep(backend);
  let state = shapes.slice(0, 4).map((shape, i) => host(shape, i + 1, i < 2 ? 1 : 0));
  const steps = (count: number): void => {
    for (let turn = 0; turn < count; turn++) {
      const batch = host(shapes[4], turn);
      const [cost, ...rest] = step.run([...state, batch]).reverse();
      [batch, cost].forEach((storage) => storage.dispose());
      state = rest.reverse();
    }
  };
  steps(20);
  const before = { ...backend.statistics };
  steps(300);
  const { allocations, reservedBytes, liveBytes, submissions } = backend.statistics;
  assertEquals([allocations, reservedBytes, liveBytes], [before.allocations, before.reservedBytes, before.liveBytes]);
  assert(submissions - before.submissions < 100, `${submissions - before.submissions} submissions of 300 steps`);
  await backend.close();
});
