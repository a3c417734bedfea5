/**
 * A graph compiled for one device.
 *
 * @module
 */

import type { Backend, DeviceBuffer, Executable } from "./backend.ts";
import type { Graph } from "./graph/node.ts";
import { simplify } from "./graph/simplify/simplify.ts";
import { sizeOf } from "./shape.ts";
import { Storage } from "./storage.ts";
import { buildNests } from "./fuse/build_nests.ts";
import { fuse } from "./fuse/fuse.ts";
import { type Plan, plan } from "./plan/plan.ts";
import { transposeConvolution } from "./graph/simplify/transposed_convolution.ts";

/** How a graph is compiled. */
export interface CompileOptions {
  /** A name for messages and plans. */
  readonly name: string;
  /** Parameters whose memory may be used for results; the tensors passed for them cannot be used afterwards. */
  readonly donated?: ReadonlySet<number>;
}

/** A compiled graph. */
export class Compiled {
  readonly plan: Plan;
  readonly executable: Executable;
  #withoutDonation: Compiled | undefined;

  constructor(readonly graph: Graph, readonly backend: Backend, readonly options: CompileOptions) {
    this.graph = simplify(graph, [transposeConvolution]);
    const fusion = fuse(this.graph, { ...options, maxSlots: backend.maxSlots });
    const nests = buildNests(fusion);
    this.plan = plan(fusion, nests, options);
    this.executable = backend.load(this.plan.program);
  }

  /** Queues the computation for these arguments. */
  run(inputs: readonly Storage[]): Storage[] {
    if (this.#overwritesShared(inputs)) {
      this.#withoutDonation ??= new Compiled(this.graph, this.backend, { name: this.options.name });
      return this.#withoutDonation.run(inputs);
    }
    const { plan, backend } = this;
    const buffers = new Array<DeviceBuffer>(plan.program.buffers.length);
    plan.parameters.forEach((buffer, i) => buffers[buffer] = inputs[i].on(backend));
    for (const { storage, buffer } of plan.captured) buffers[buffer] = storage.on(backend);
    const own: DeviceBuffer[] = [];
    const taken = (buffer: number): DeviceBuffer => {
      const made = buffers[buffer] = backend.allocate(plan.program.buffers[buffer].bytes);
      own.push(made);
      return made;
    };
    try {
      for (const source of plan.results) if (source.kind === "buffer" && !buffers[source.buffer]) taken(source.buffer);
      plan.temporaries.forEach(taken);
      this.executable.run(buffers);
    } catch (error) {
      own.forEach((buffer) => backend.release(buffer));
      throw error;
    }
    plan.temporaries.forEach((buffer) => backend.release(buffers[buffer]));
    return this.#results(inputs, buffers);
  }

  /** Whether memory that may be overwritten is also read under another name. */
  #overwritesShared(inputs: readonly Storage[]): boolean {
    const { donated } = this.options;
    if (!donated?.size) return false;
    const others = new Set(this.plan.captured.map(({ storage }) => storage));
    inputs.forEach((input, i) => donated.has(i) || others.add(input));
    const given = [...donated].map((i) => inputs[i]);
    return new Set(given).size < given.length || given.some((input) => others.has(input) || input.awaited);
  }

  #results(inputs: readonly Storage[], buffers: readonly DeviceBuffer[]): Storage[] {
    const { plan, backend, graph } = this;
    const donated = [...this.options.donated ?? []];
    const given = new Map(donated.map((i) => [i, inputs[i].donate(backend)]));
    const results = plan.results.map((source, i): Storage => {
      const { dtype, shape } = graph.results[i];
      if (source.kind !== "buffer") given.delete(source.parameter);
      const buffer = buffers[source.kind === "buffer" ? source.buffer : plan.parameters[source.parameter]];
      return Storage.fromDevice(dtype, sizeOf(shape), { backend, buffer });
    });
    given.forEach((buffer) => backend.release(buffer));
    return results;
  }
}
