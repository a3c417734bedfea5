/**
 * Compiled programs, which functions with equal graphs share.
 *
 * @module
 */

import type { Backend } from "../backend.ts";
import { compile, type CompiledProgram, type CompileOptions } from "../compiled.ts";
import { type Graph, typeKey } from "../graph/node.ts";
import { describe, withoutElements } from "./abstract_graph.ts";
import { keptBy } from "./kept_programs.ts";
import { SharedValues } from "../shared_values.ts";
import type { Storage } from "../storage.ts";

/** A program that is in use. */
export interface ProgramUse {
  readonly program: CompiledProgram;
  /** The tensors that the graph holds, in the order of its description. */
  readonly held: readonly Storage[];
  /** Returns the program, which is kept for a while after its last use. */
  readonly release: () => void;
}

const inUse = new WeakMap<Backend, SharedValues<CompiledProgram>>();

function usedBy(backend: Backend): SharedValues<CompiledProgram> {
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
  const types = graph.parameters.map(typeKey).join();
  const key = [options.name, [...options.donated ?? []].join(), types, text].join("\n");
  const programs = usedBy(backend);
  const program = programs.take(
    key,
    () => keptBy(backend).withoutOwner.take(key) ?? compile(withoutElements(graph, storages), backend, options),
  );
  return { program, held: storages, release: releaseFrom(programs, key) };
}

/** Apart from its use, because a function keeps all variables around it in memory. */
function releaseFrom(programs: SharedValues<CompiledProgram>, key: string): () => void {
  return () => programs.drop(key);
}
