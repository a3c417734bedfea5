/**
 * Compiled programs, which functions with equal graphs share.
 *
 * @module
 */

import { type AbstractGraph, describe, withoutElements } from "./abstract_graph.ts";
import type { Backend, Executable } from "./backend.ts";
import { showType } from "./graph/node.ts";
import type { Graph } from "./graph/node.ts";
import { simplify } from "./graph/simplify/simplify.ts";
import { transposeConvolution } from "./graph/simplify/transposed_convolution.ts";
import { buildNests } from "./fuse/build_nests.ts";
import { fuse } from "./fuse/fuse.ts";
import { keptBy } from "./kept_programs.ts";
import { type Plan, plan } from "./plan/plan.ts";
import { SharedValues } from "./shared_values.ts";
import type { Storage } from "./storage.ts";

/** How a graph is compiled. */
export interface CompileOptions {
  /** A name for messages and plans. */
  readonly name: string;
  /** Parameters whose memory may be used for results; the tensors passed for them cannot be used afterwards. */
  readonly donated?: ReadonlySet<number>;
  /** Whether the tensors that the graph holds are passed to each run instead of being kept (default: false). */
  readonly passesHeld?: boolean;
}

/** A graph that was compiled and loaded on a device. It keeps no tensor in memory. */
export interface SharedProgram {
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

/** A program that is in use. */
export interface ProgramUse {
  readonly program: SharedProgram;
  /** The tensors that the graph holds, in the order of its description. */
  readonly held: readonly Storage[];
  /** Returns the program, which is kept for a while after its last use. */
  readonly release: () => void;
}

const inUse = new WeakMap<Backend, SharedValues<SharedProgram>>();

function usedBy(backend: Backend): SharedValues<SharedProgram> {
  let known = inUse.get(backend);
  if (!known) {
    known = new SharedValues((program, key) => keptBy(backend).withoutOwner.set(key, program));
    inUse.set(backend, known);
  }
  return known;
}

/** Compiles a graph, unless an equal one was compiled before and its program still exists. */
export function useProgram(graph: Graph, backend: Backend, options: CompileOptions): ProgramUse {
  const { text, storages } = describe(graph.results);
  const types = graph.parameters.map(showType).join();
  const key = [options.name, [...options.donated ?? []].join(), types, text].join("\n");
  const programs = usedBy(backend);
  const program = programs.take(
    key,
    () => keptBy(backend).withoutOwner.take(key) ?? compile(withoutElements(graph, storages), backend, options),
  );
  return { program, held: storages, release: releaseFrom(programs, key) };
}

/** Apart from its use, because a function keeps all variables around it in memory. */
function releaseFrom(programs: SharedValues<SharedProgram>, key: string): () => void {
  return () => programs.drop(key);
}

function compile(abstract: AbstractGraph, backend: Backend, options: CompileOptions): SharedProgram {
  const { placeholders } = abstract;
  const graph = simplify(abstract.graph, [transposeConvolution]);
  const fusion = fuse(graph, { ...options, maxSlots: backend.maxSlots });
  const planned = plan(fusion, buildNests(fusion), options);
  const held = planned.captured.map(({ storage, buffer }) => ({ number: placeholders.indexOf(storage), buffer }));
  const executable = backend.load(planned.program);
  return { graph, plan: planned, placeholders, held, executable, dispose: () => executable.dispose() };
}
