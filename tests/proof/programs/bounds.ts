/**
 * How long code may be, and how many kernels a program may have.
 *
 * @module
 */

import process from "node:process";
import { setDevice } from "../../../core/device.ts";
import { jit, versionOf } from "../../../core/jit.ts";
import type { Graph } from "../../../core/graph/node.ts";
import { isElementwise } from "../../../core/graph/ops.ts";
import { scalarOps } from "../../../core/scalar/operations.ts";
import type { ProgramStep } from "../../../core/nest/program.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { WasmExecutable } from "../../../core/wasm/run/executable.ts";
import { tensorOf } from "../../oracle.ts";
import { Fault, type Kind } from "./check.ts";
import { computationOf, computingNodes, type Program } from "./program.ts";

/**
 * The most bytes (Wasm) or characters (WGSL) of code: some for the program, and some for each instruction, as the
 * compiler counts them. A sine counts as 10 instructions, most other nodes as one.
 */
export const mostCode: { readonly [K in Kind]: { readonly ofProgram: number; readonly ofInstruction: number } } = {
  wasm: { ofProgram: 6000, ofInstruction: 3000 },
  webgpu: { ofProgram: 6000, ofInstruction: 1000 },
};

/** The number of instructions of a graph: the lengths of its elementwise nodes, and one for each other node. */
export function lengthOf(graph: Graph): number {
  return computingNodes(graph).reduce((sum, node) => sum + (isElementwise(node) ? scalarOps[node.op].length : 1), 0);
}

/**
 * The most milliseconds of processor time that a compilation takes: some for the program, and some for each node. They
 * include the engine's own compilation of this package, which happens during the first programs.
 */
export const mostMilliseconds: { readonly [K in Kind]: { readonly ofProgram: number; readonly ofNode: number } } = {
  wasm: { ofProgram: 200, ofNode: 20 },
  webgpu: { ofProgram: 500, ofNode: 200 },
};

/** What was measured of one program. */
export interface Measured {
  readonly nodes: number;
  readonly instructions: number;
  readonly kernels: number;
  readonly code: number;
  readonly milliseconds: number;
}

function kernelsOf(steps: readonly ProgramStep[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === "nest" ? 1 : kernelsOf(step.steps)), 0);
}

/** Compiles a program and measures it. */
async function measure({ graph, inputs }: Program, kind: Kind): Promise<Measured> {
  await setDevice(kind);
  const fn = computationOf(graph);
  using compiled = jit((...tensors: Tensor[]) => fn(...tensors));
  const tensors = inputs.map(tensorOf);
  const before = process.cpuUsage();
  const version = versionOf(compiled, ...tensors);
  const { user, system } = process.cpuUsage(before);
  const milliseconds = (user + system) / 1000;
  const { executable, plan: { program } } = version.compiled;
  const code = executable instanceof WasmExecutable ? executable.module.bytes.length : executable.source.length;
  return {
    nodes: computingNodes(graph).length,
    instructions: lengthOf(graph),
    kernels: kernelsOf(program.steps),
    code,
    milliseconds,
  };
}

/** Fails if the code of a program is too long, or there are more kernels than nodes and results. */
export async function checkBounds(program: Program, kind: Kind): Promise<Measured> {
  const measured = await measure(program, kind);
  const { nodes, instructions, kernels, code, milliseconds } = measured;
  const most = nodes + program.graph.results.length;
  if (kernels > most) throw new Fault(`${kernels} kernels on ${kind} for ${most} nodes and results`);
  if (code > mostCode[kind].ofProgram + instructions * mostCode[kind].ofInstruction) {
    throw new Fault(`${code} bytes of code on ${kind} for ${instructions} instructions`);
  }
  if (milliseconds > mostMilliseconds[kind].ofProgram + nodes * mostMilliseconds[kind].ofNode) {
    throw new Fault(`${milliseconds} ms of compilation on ${kind} for ${nodes} nodes`);
  }
  return measured;
}
