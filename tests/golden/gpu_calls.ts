/**
 * What the backend of WebGPU asks of the driver, call by call, on an adapter that computes nothing.
 *
 * @module
 */

import * as core from "../../core/mod.ts";
import type { Backend } from "../../core/backend.ts";
import { checkedIndices } from "../../core/functions/checked_indices.ts";
import type { Graph } from "../../core/graph/node.ts";
import { allowedAdapters, chooseAdapter, findAdapters } from "../../core/webgpu/run/device.ts";
import { openWebgpu } from "../../core/webgpu/backend.ts";
import { graphOf, planOf } from "../oracle.ts";
import { pretendGpu } from "../pretended_gpu.ts";
import { outcomeOf } from "./reader_results.ts";
import type { Recording } from "./recording.ts";

type T = core.Tensor;

/** Objects of the driver, which write each call of a method to a list. */
class Traced {
  readonly lines: string[] = [];
  readonly #originals = new WeakMap<object, object>();
  readonly #names = new WeakMap<object, string>();
  readonly #counts = new Map<string, number>();

  /** The object with methods that write their calls. */
  wrap<V>(value: V, kind: string): V {
    if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return value;
    if (value instanceof Promise) return value.then((one) => this.wrap(one, kind)) as V;
    const known = this.#names.get(value);
    const number = (this.#counts.get(kind) ?? 0) + 1;
    if (known === undefined) this.#counts.set(kind, number);
    const name = known ?? `${kind} ${number}`;
    this.#names.set(value, name);
    const wrapped = new Proxy(value, { get: (target, key) => this.#member(target, key, name) });
    this.#originals.set(wrapped, value);
    return wrapped;
  }

  #member(target: object, key: string | symbol, name: string): unknown {
    const member: unknown = Reflect.get(target, key, target);
    if (typeof key === "symbol" || key === "then") return member;
    if (key === "queue") return this.wrap(member, "queue");
    if (typeof member !== "function") return member;
    return (...given: unknown[]) => {
      this.lines.push(`${name}.${key}(${given.map((one) => this.#show(one)).join(", ")})`);
      const made: unknown = Reflect.apply(member, target, given.map((one) => this.#unwrap(one)));
      return this.wrap(made, key.replace(/^(create|begin|request|get|finish)/, "").toLowerCase() || "commands");
    };
  }

  #unwrap(value: unknown): unknown {
    return typeof value === "object" && value !== null ? this.#originals.get(value) ?? value : value;
  }

  #show(value: unknown): string {
    if (typeof value === "function") return "a function";
    if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
    const original = this.#originals.get(value);
    if (original) return this.#names.get(original)!;
    if (ArrayBuffer.isView(value)) {
      const words = new Uint32Array(value.buffer, value.byteOffset, value.byteLength >> 2);
      return `${words.length} words ${words.slice(0, 20).join(" ")}`;
    }
    if (Array.isArray(value)) return `[${value.map((one) => this.#show(one)).join(", ")}]`;
    const members = Object.entries(value).map(([key, one]) =>
      `${key}: ${key === "code" ? `${String(one).length} characters` : this.#show(one)}`
    );
    return `{ ${members.join(", ")} }`;
  }
}

const vector = { shape: [9], dtype: "f32" } as const;

/** Programs that need scratch memory, loop counters, a record of indices, and nothing of these. */
const programs: Readonly<Record<string, () => Graph>> = {
  "an elementwise operation": () => graphOf((x, y) => x.add(y).exp(), [vector, vector]),
  "the same code again": () => graphOf((a, b) => a.add(b).exp(), [vector, vector]),
  "a long sum": () => graphOf((x) => x.sum(), [{ shape: [3_000_000], dtype: "f32" }]),
  "a loop in a loop": () =>
    graphOf((x) => {
      const inner = (c: T, row: T): [T, T] => [c.mul(row).tanh(), c];
      const outer = (c: T, row: T): [T, T] => {
        const [last] = core.scan(inner, c, row);
        return [last, last];
      };
      const [last, all] = core.scan(outer, x.sum({ axis: [0, 1] }), x);
      return [last, all];
    }, [{ shape: [2, 65, 5], dtype: "f32" }]),
  "checked indices": () =>
    graphOf((x, at) => {
      const limit = { size: 9, action: "look up row", table: "the table", entries: "rows" };
      return core.gather(x, checkedIndices(at, limit));
    }, [vector, { shape: [4], dtype: "i32" }]),
  "nothing": () => graphOf((x) => x.sum({ axis: 1 }), [{ shape: [0, 3], dtype: "f32" }]),
};

async function runPrograms(backend: Backend, say: (line: string) => void): Promise<void> {
  for (const [name, graph] of Object.entries(programs)) {
    say(`# ${name}`);
    const { program } = planOf(graph(), { name: "program", maxSlots: backend.maxSlots });
    const executable = backend.load(program);
    const buffers = program.buffers.map(({ bytes }) => backend.allocate(bytes));
    say(await outcomeOf(() => backend.write(buffers[0], Float32Array.of(1, 2))));
    say("# first run");
    executable.run(buffers);
    say("# second run");
    executable.run(buffers);
    say("# read");
    say(await outcomeOf(() => backend.read(buffers[0], 6).then((read) => read.byteLength)));
    say(await outcomeOf(() => executable.run(buffers.slice(1))));
    say(JSON.stringify({ perRun: executable.dispatches, ...backend.statistics }));
    for (const buffer of buffers) backend.release(buffer);
    executable.dispose();
    executable.dispose();
    say(await outcomeOf(() => executable.run(buffers)));
    say(JSON.stringify(backend.statistics));
  }
}

async function useBuffers(backend: Backend, say: (line: string) => void): Promise<void> {
  say("# buffers");
  const [a, b] = [backend.allocate(200), backend.allocate(1000)];
  backend.copy(b, a, 0);
  backend.copy(b, a, 200);
  backend.write(a, new Float32Array(0));
  for (const bytes of [0, 1, 4, 5, 1000, 1001]) {
    say(await outcomeOf(() => backend.read(b, bytes).then((read) => read.byteLength)));
  }
  say(await outcomeOf(() => backend.write(a, new Float32Array(65))));
  say(await outcomeOf(() => backend.copy(b, a, 999)));
  say(await outcomeOf(() => backend.allocate(2 ** 31)));
  backend.release(a);
  say(await outcomeOf(() => backend.release(a)));
  say(await outcomeOf(() => backend.read({ id: 1, bytes: 4 }, 4)));
  say(JSON.stringify(backend.statistics));
  for (let bytes = 1; bytes < 5000; bytes = Math.ceil(bytes * 1.3)) backend.release(backend.allocate(bytes));
  say(JSON.stringify(backend.statistics));
}

/** What is known about adapters of a machine that reports these facts of each power preference. */
async function adapters(): Promise<string> {
  const facts: readonly (readonly (Partial<GPUAdapterInfo> | undefined)[])[] = [
    [],
    [undefined, undefined],
    [{ description: "Card", device: "0x1", vendor: "maker", architecture: "arch" }, undefined],
    [{ device: "0x1", vendor: "maker", architecture: "arch" }, { device: "0x2" }],
    [{ vendor: "maker", architecture: "arch" }, { vendor: "maker", architecture: "arch" }],
    [{ vendor: "maker" }, { architecture: "arch" }],
    [{}, { description: "llvmpipe (LLVM 17)" }],
    [{ description: "Card", isFallbackAdapter: true }, { description: "Other" }],
    [undefined, { description: "Google SwiftShader" }],
    [{ description: "Microsoft Basic Render Driver" }, { description: "Card" }],
  ];
  const lines: string[] = [];
  for (const [i, infos] of facts.entries()) {
    using _ = pretendGpu("hardware");
    const preferences = ["high-performance", "low-power"];
    Object.defineProperty(navigator.gpu, "requestAdapter", {
      value: ({ powerPreference }: GPURequestAdapterOptions) => {
        const info = infos[preferences.indexOf(powerPreference ?? "")];
        const none = { description: "", device: "", vendor: "", architecture: "", isFallbackAdapter: false };
        return Promise.resolve(info && { info: { ...none, ...info }, limits: {} });
      },
    });
    const found = (await findAdapters()).map(({ name, software }) => `${name}${software ? " (software)" : ""}`);
    lines.push(`${i}: ${found.join(", ")}`);
    for (const allowSoftware of [false, true]) {
      lines.push(await outcomeOf(async () => (await allowedAdapters({ allowSoftware })).map(({ name }) => name)));
      lines.push(await outcomeOf(async () => (await chooseAdapter({ allowSoftware })).name));
    }
  }
  return lines.join("\n");
}

async function texts(): Promise<Record<string, string>> {
  const found: Record<string, string> = { adapters: await adapters() };
  for (const deviceClass of ["hardware", "software"] as const) {
    const trace = new Traced();
    using gpu = pretendGpu(deviceClass);
    const { requestAdapter } = navigator.gpu;
    Object.defineProperty(navigator.gpu, "requestAdapter", {
      value: async () => trace.wrap(await Reflect.apply(requestAdapter, undefined, []), "adapter"),
    });
    const say = (line: string): void => void trace.lines.push(line);
    const backend = await openWebgpu({ allowSoftware: true, memoryLimit: 60_000_000 });
    say(JSON.stringify({ ...backend.info, slots: backend.maxSlots, bytes: backend.maxBufferBytes }));
    await runPrograms(backend, say);
    await useBuffers(backend, say);
    say(await outcomeOf(() => backend.allocate(59_000_000)));
    say("# close");
    if (deviceClass === "software") gpu.lose();
    await backend.finish().catch((error) => say(String(error)));
    say(String(backend.failure));
    await backend.close();
    say(await outcomeOf(() => backend.allocate(4)));
    say(JSON.stringify(backend.statistics));
    found[deviceClass] = trace.lines.join("\n");
  }
  return found;
}

/** The calls of two backends, one for each class of devices. */
export const gpuRecording: Recording = { name: "gpu_calls", texts };
