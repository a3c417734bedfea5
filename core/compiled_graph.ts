/**
 * A graph compiled for one device, and its runs.
 *
 * @module
 */

import { describe } from "./programs/abstract_graph.ts";
import type { Backend, DeviceBuffer, Executable } from "./backend.ts";
import { BYTES_PER_ELEMENT } from "./dtype.ts";
import type { Graph } from "./graph/node.ts";
import type { ProgramBuffer } from "./nest/program.ts";
import type { Plan } from "./plan/plan.ts";
import type { CompileOptions } from "./compiled.ts";
import { type ProgramUse, useProgram } from "./programs/shared_program.ts";
import { sizeOf } from "./shape.ts";
import { Storage } from "./storage.ts";

/** Returns the programs of compiled graphs that were collected. */
const collector = new FinalizationRegistry<() => void>((release) => release());

/** Elements that stand for those of an argument: numbers between 0 and 1, and zeros, which are indices of any table. */
function pretended({ dtype, bytes }: ProgramBuffer): Float32Array | Int32Array {
  const elements = bytes / BYTES_PER_ELEMENT;
  return dtype === "f32"
    ? Float32Array.from({ length: elements }, (_, i) => (i % 61 + 1) / 64)
    : new Int32Array(elements);
}

/** How a graph is compiled and run. */
export interface CompiledGraphOptions extends CompileOptions {
  /** Whether the tensors that the graph holds are passed to each run instead of being kept (default: false). */
  readonly passesHeld?: boolean;
}

/** A compiled graph. Its program is returned when the object is collected or disposed. */
export class CompiledGraph {
  readonly #use: Pick<ProgramUse, "program" | "release">;
  readonly #held: readonly Storage[];
  #withoutDonation: CompiledGraph | undefined;

  constructor(graph: Graph, readonly backend: Backend, readonly options: CompiledGraphOptions) {
    const { program, release, held } = useProgram(graph, backend, options);
    this.#use = { program, release };
    this.#held = options.passesHeld ? [] : held;
    collector.register(this, release, this);
  }

  /** The simplified graph. The tensors that it holds have no elements. */
  get graph(): Graph {
    return this.#use.program.graph;
  }

  get executable(): Executable {
    return this.#use.program.executable;
  }

  /** The plan; the tensors that it holds have no elements. */
  get plan(): Plan {
    return this.#use.program.plan;
  }

  /** Returns the program at once. The compiled graph cannot run afterwards. */
  dispose(): void {
    if (!collector.unregister(this)) return;
    this.#use.release();
    this.#withoutDonation?.dispose();
  }

  /**
   * Queues the computation for these arguments.
   *
   * @param held the tensors that the graph holds, in the order of its description (default: those with which it
   * was compiled)
   */
  run(inputs: readonly Storage[], held: readonly Storage[] = this.#held): Storage[] {
    const { backend, plan, executable } = this;
    if (this.#overwritesShared(inputs, held)) return this.#runWithoutDonation(inputs, held);
    const buffers = new Array<DeviceBuffer>(plan.program.buffers.length);
    plan.parameters.forEach((buffer, i) => buffers[buffer] = inputs[i].on(backend));
    for (const { number, buffer } of this.#use.program.held) buffers[buffer] = held[number].on(backend);
    const own: DeviceBuffer[] = [];
    const taken = (buffer: number): DeviceBuffer => {
      const made = buffers[buffer] = backend.allocate(plan.program.buffers[buffer].bytes);
      own.push(made);
      return made;
    };
    try {
      for (const source of plan.results) if (source.kind === "buffer" && !buffers[source.buffer]) taken(source.buffer);
      plan.temporaries.forEach(taken);
      executable.run(buffers);
    } catch (error) {
      own.forEach((buffer) => backend.release(buffer));
      throw error;
    }
    plan.temporaries.forEach((buffer) => backend.release(buffers[buffer]));
    return this.#results(inputs, buffers);
  }

  /**
   * Calls `use` with buffers for the program, to run it apart from its results: copies of the arguments, or numbers
   * between 0 and 1 and zeros, and the tensors that the graph holds.
   */
  async withBuffers(
    inputs: readonly Storage[] | undefined,
    use: (buffers: readonly DeviceBuffer[]) => Promise<void>,
  ): Promise<void> {
    const { backend, plan: { program, parameters } } = this;
    const held = new Map(this.#use.program.held.map(({ number, buffer }) => [buffer, this.#held[number]]));
    const own: DeviceBuffer[] = [];
    try {
      const buffers = program.buffers.map(({ bytes }, number) => {
        const known = held.get(number)?.on(backend);
        if (known) return known;
        const made = backend.allocate(bytes);
        own.push(made);
        return made;
      });
      parameters.forEach((number, i) => {
        if (inputs) return backend.copy(inputs[i].on(backend), buffers[number], inputs[i].bytes);
        backend.write(buffers[number], pretended(program.buffers[number]));
      });
      await use(buffers);
    } finally {
      own.forEach((buffer) => backend.release(buffer));
    }
  }

  /** Whether memory that may be overwritten is also read under another name, or shown by views. */
  #overwritesShared(inputs: readonly Storage[], held: readonly Storage[]): boolean {
    const { donated } = this.options;
    if (!donated?.size) return false;
    const others = new Set(this.#use.program.held.map(({ number }) => held[number]));
    inputs.forEach((input, i) => donated.has(i) || others.add(input));
    const given = [...donated].map((i) => inputs[i]);
    const isNeeded = (input: Storage): boolean => others.has(input) || input.awaited || input.isShown;
    return new Set(given).size < given.length || given.some(isNeeded);
  }

  #runWithoutDonation(inputs: readonly Storage[], held: readonly Storage[]): Storage[] {
    const { graph, backend, options: { name } } = this;
    const { placeholders } = this.#use.program;
    this.#withoutDonation ??= new CompiledGraph(graph, backend, { name, passesHeld: true });
    const order = describe(graph.results).storages.map((placeholder) => placeholders.indexOf(placeholder));
    return this.#withoutDonation.run(inputs, order.map((number) => held[number]));
  }

  #results(inputs: readonly Storage[], buffers: readonly DeviceBuffer[]): Storage[] {
    const { plan, backend, graph } = this;
    const given = new Map<number, DeviceBuffer>();
    for (const i of this.options.donated ?? []) given.set(i, inputs[i].donate(backend));
    const results = plan.results.map((source, i): Storage => {
      const { dtype, shape } = graph.results[i];
      if (source.kind !== "buffer") given.delete(source.parameter);
      const buffer = buffers[source.kind === "buffer" ? source.buffer : plan.parameters[source.parameter]];
      return Storage.fromDevice(dtype, sizeOf(shape), { backend, buffer, owner: this.options.name });
    });
    given.forEach((buffer) => backend.release(buffer));
    return results;
  }
}
