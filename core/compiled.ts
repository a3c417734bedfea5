/**
 * The compiler from end to end: simplify, fuse, nests, plan, load.
 *
 * @module
 */

import type { Backend, Executable } from "./backend.ts";
import { buildNests } from "./fuse/build_nests.ts";
import { fuse } from "./fuse/fuse.ts";
import type { Graph } from "./graph/node.ts";
import { simplify } from "./graph/simplify/simplify.ts";
import { transposeConvolutionWithin } from "./graph/simplify/transposed_convolution.ts";
import { type Plan, plan } from "./plan/plan.ts";
import type { AbstractGraph } from "./programs/abstract_graph.ts";
import type { Storage } from "./storage.ts";

/** How a graph is compiled. */
export interface CompileOptions {
  /** A name for messages and plans. */
  readonly name: string;
  /** Parameters whose memory may be used for results; the tensors passed for them cannot be used afterwards. */
  readonly donated?: ReadonlySet<number>;
}

/** A graph that was compiled and loaded on a device. It keeps no tensor in memory. */
export interface CompiledProgram {
  /** The simplified graph. */
  readonly graph: Graph;
  readonly plan: Plan;
  readonly executable: Executable;
  /** What stands for the tensors that the graph holds, in the order of its description. */
  readonly placeholders: readonly Storage[];
  /** Program buffers of these tensors, by their numbers. */
  readonly held: readonly { readonly number: number; readonly buffer: number }[];
  /** Frees the code. */
  dispose(): void;
}

/** Compiles a graph for a device. */
export function compile(abstract: AbstractGraph, backend: Backend, options: CompileOptions): CompiledProgram {
  const graph = simplify(abstract.graph, [transposeConvolutionWithin(backend.temporaryBytes)]);
  const fusion = fuse(graph, { ...options, maxSlots: backend.maxSlots });
  const nests = buildNests(fusion);
  const planned = plan(fusion, nests, options);
  const executable = backend.load(planned.program);

  const { placeholders } = abstract;
  const held = planned.captured.map(({ storage, buffer }) => ({ number: placeholders.indexOf(storage), buffer }));
  return { graph, plan: planned, placeholders, held, executable, dispose: () => executable.dispose() };
}
