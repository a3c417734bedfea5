/**
 * Eager computation: a call outside of `jit` is a graph of one operation, compiled and run like any other.
 *
 * @module
 */

import type { Backend } from "./backend.ts";
import { describe } from "./programs/abstract_graph.ts";
import { CompiledGraph } from "./compiled_graph.ts";
import { canCompute, currentBackend, deviceToCompute } from "./device.ts";
import { type HostArray, hostArray } from "./dtype.ts";
import { isNode, type Node, parameter, showType, topological } from "./graph/node.ts";
import { isKind, isTuple, makeNode, producerOf } from "./graph/ops.ts";
import { rewrite } from "./graph/rewrite.ts";
import { keptBy } from "./programs/kept_programs.ts";
import { isPassed, type OperationKey, operationKey, storageOf } from "./programs/operation_key.ts";
import { sizeOf } from "./shape.ts";
import { Storage } from "./storage.ts";

/** Makes a node for known elements. */
export function dataNode(type: Pick<Node, "shape" | "dtype">, storage: Storage): Node<"data"> {
  return makeNode("data", [], { shape: type.shape, dtype: type.dtype, storage });
}

interface Abstracted {
  readonly signature: string;
  readonly inputs: readonly Storage[];
  /** Tensors that the bodies of loops hold. */
  readonly held: readonly Storage[];
  readonly leaves: Map<Node, Node<"parameter">>;
}

/** Describes a closed graph up to the elements of its tensors and its uncommon numbers. */
function abstract(roots: readonly Node[]): Abstracted {
  const inputs: Storage[] = [];
  const leaves = new Map<Node, Node<"parameter">>();
  const leaf = (node: Node): string | undefined => {
    if (isNode(node, "data")) {
      leaves.set(node, parameter(inputs.length, node));
      inputs.push(node.attributes.storage);
      return showType(node);
    }
    if (isPassed(node)) {
      leaves.set(node, parameter(inputs.length, { shape: [], dtype: "f32" }));
      inputs.push(storageOf(node));
      return `number ${showType(node)}`;
    }
    return undefined;
  };
  const { text, storages } = describe(roots, leaf);
  return { signature: text, inputs, held: storages, leaves };
}

/** Returns a parameter in the shape of the leaf that it stands for. */
function standIn(leaf: Node, given: Node): Node {
  if (!isNode(leaf, "constant")) return given;
  const ones = makeNode("reshape", [given], { shape: leaf.shape.map(() => 1) });
  return makeNode("expand", [ones], { shape: leaf.shape });
}

/** The name of the operation that computes a node: that of the operation before its movements, if there is one. */
function nameOf(root: Node): string {
  let node = producerOf(root);
  while (isKind(node, "movement")) node = producerOf(node.inputs[0]);
  return isKind(node, "source") ? root.op : node.op;
}

/** Compiles nodes that depend on no parameter. */
function compileRoots(roots: readonly Node[], { leaves }: Abstracted, backend: Backend): CompiledGraph {
  const results = rewrite(roots, (node) => {
    const given = leaves.get(node);
    return given && standIn(node, given);
  });
  const name = nameOf(roots[0]);
  return new CompiledGraph({ parameters: [...leaves.values()], results }, backend, { name, passesHeld: true });
}

/** Computes nodes that depend on no parameter. */
function compute(roots: readonly Node[], backend = currentBackend()): Node<"data">[] {
  if (roots.length === 1) {
    const key = operationKey(roots[0]);
    if (key) return [computeOperation(roots[0], key, backend)];
  }
  const { operations } = keptBy(backend);
  const abstracted = abstract(roots);
  const { signature, inputs, held } = abstracted;
  let compiled = operations.get(signature);
  if (!compiled) operations.set(signature, compiled = compileRoots(roots, abstracted, backend));
  const storages = compiled.run(inputs, held);
  return roots.map((root, i) => dataNode(root, storages[i]));
}

/** Computes one node by the program of its key. */
function computeOperation(root: Node, { text, inputs, numbers }: OperationKey, backend: Backend): Node<"data"> {
  const { operations } = keptBy(backend);
  let compiled = operations.get(text);
  if (!compiled) operations.set(text, compiled = compileRoots([root], abstract([root]), backend));
  const [storage] = compiled.run(inputs, []);
  for (const number of numbers) number.dispose();
  return dataNode(root, storage);
}

let depth = 0;

/** Calls `fn` without computing anything: operations on known tensors become part of the graph too. */
export function staged<R>(fn: () => R): R {
  depth++;
  try {
    return fn();
  } finally {
    depth--;
  }
}

/** Whether an operation on a node is computed now. */
export function isComputedNow({ traced }: Node): boolean {
  return depth === 0 && !traced && canCompute();
}

/** Nodes that wait for a device, with all nodes that they depend on. */
const waiting = new WeakSet<Node>();

/** Postpones computing nodes until they are read, and keeps the elements that they need. */
function postpone(nodes: readonly Node[]): void {
  for (const node of nodes) {
    if (waiting.has(node)) continue;
    waiting.add(node);
    if (isNode(node, "data")) node.attributes.storage.keep();
    if (isTuple(node)) postpone(node.attributes.body.results);
    postpone(node.inputs);
  }
}

/** The most movements of a view. A kernel for more of them takes long to compile. */
const LONGEST_VIEW = 100;

/** The number of movements in each view of known elements. */
const movements = new WeakMap<Node, number>();

/** Counts the movements between a view and the elements that it shows. Joining tensors counts more, for its branches. */
function isLongView(node: Node): boolean {
  const own = isNode(node, "concat") ? 5 : 1;
  const count = node.inputs.reduce((sum, input) => sum + (movements.get(input) ?? 0), own);
  movements.set(node, count);
  return count > LONGEST_VIEW;
}

/**
 * Computes a node now, unless it depends on a parameter or is a view of known elements by not too many movements. If no
 * device is loaded yet, the node is not computed until it is read.
 */
export function settle(node: Node): Node {
  if (depth > 0 || node.traced || isKind(node, "source")) return node;
  const isView = isKind(node, "movement");
  if (isView && !isLongView(node)) return node;
  if (canCompute()) return compute([node])[0];
  if (!isView) postpone([node]);
  return node;
}

/** Does the same for all results of one tuple. */
export function settleTuple(picks: readonly Node[]): Node[] {
  if (depth > 0 || picks.length === 0 || picks[0].traced) return [...picks];
  if (canCompute()) return compute(picks);
  postpone(picks);
  return [...picks];
}

/** The host writes constants of at most this many elements, since a copy takes less time than compiling a kernel. */
const MOST_FILLED = 2 ** 16;

/** Returns the elements of a constant. */
function filled({ dtype, shape, attributes: { value } }: Node<"constant">): Storage {
  return Storage.fromHost(dtype, hostArray(dtype, sizeOf(shape)).fill(value));
}

/** Computes a node that depends on no parameter, by default on the chosen device, and returns a node that is in memory. */
export function materialize(node: Node, backend?: Backend): Node<"data"> {
  if (node.traced) {
    throw new TypeError(
      `Cannot read ${
        showType(node)
      } while it is traced: return it from the function passed to jit or grad, and read it there`,
    );
  }
  if (isNode(node, "data")) return node;
  if (isNode(node, "constant") && sizeOf(node.shape) <= MOST_FILLED) return dataNode(node, filled(node));
  return compute([node], backend)[0];
}

/** Computes what `compose` returns by one program, unless it depends on a parameter. */
export function computeTogether(compose: () => Node): Node {
  const node = staged(compose);
  return node.traced ? node : materialize(node);
}

/** Returns a node with the same elements in separate memory. */
export function copyNode(node: Node): Node<"data"> {
  const known = materialize(node);
  // A result that was computed just now is not shared.
  return known === node ? dataNode(node, known.attributes.storage.copy(currentBackend())) : known;
}

/** The device that has elements which a view shows, if no other one and not the host has them. */
function deviceOf(view: Node): Backend | undefined {
  if (view.traced || !isKind(view, "movement")) return undefined;
  for (const node of topological([view])) {
    const backend = isNode(node, "data") ? node.attributes.storage.onlyOn : undefined;
    if (backend) return backend;
  }
  return undefined;
}

/** Reads the elements of a node: a view of results of another device on that device. Also returns the node that holds them from now on. */
export async function readNode(node: Node): Promise<{ node: Node; values: HostArray }> {
  if (!canCompute()) await deviceToCompute();
  const known = materialize(node, deviceOf(node));
  return { node: known, values: await known.attributes.storage.read() };
}
