/**
 * Traces and compiles whole functions.
 *
 * @module
 */

import { refuseSurplus } from "./options/surplus.ts";
import type { Backend } from "./backend.ts";
import { CompiledGraph } from "./compiled_graph.ts";
import { collectPrints, deliver, type Print, type Prints } from "./debugging/prints.ts";
import { canCompute, currentBackend } from "./device.ts";
import type { HostArray } from "./dtype.ts";
import { limitsOf, type ParameterLimit, passLimits } from "./index_limits.ts";
import { type Graph, isNode, type Node, parameter, showType, topological, type ValueType } from "./graph/node.ts";
import { LeastRecentlyUsed } from "./programs/least_recently_used.ts";
import { functionKind } from "./options/kinds.ts";
import { checkArgument, readOptions } from "./options/read.ts";
import { count } from "./options/numbers.ts";
import type { Declaration, OptionValues } from "./options/option.ts";
import { list, text } from "./options/values.ts";
import { dataNode, materialize, staged } from "./runtime.ts";
import type { Storage } from "./storage.ts";
import { Tensor } from "./tensor.ts";
import { type Flat, flattenTree } from "./tree.ts";

/** How a function is compiled. */
export interface JitOptions {
  /**
   * Positions of arguments whose memory the results may take over. The tensors passed there cannot be used afterwards.
   * Training steps pass on their state this way, without ever holding it twice. A tensor that the function also reads
   * through another argument is not overwritten. A call with too few arguments for a position is refused.
   */
  readonly donate?: readonly number[];
  /** A name for messages and plans; default: the function's name. */
  readonly name?: string;
  /**
   * The most compiled versions that are kept for each device, one for each form of arguments; default: 64. If there is
   * one more, the version that was used least recently is freed. It is compiled again when it is needed again.
   */
  readonly versions?: number;
}

const jitOptions = {
  donate: list(count({ least: 0 }), { default: [], help: "arguments whose memory the results may take over" }),
  name: text({ otherwise: "that of the function", help: "name in messages and plans" }),
  versions: count({ default: 64, help: "most compiled versions that are kept for each device" }),
} satisfies Declaration<JitOptions>;

/** The graph of a function, and the structure of its result. */
export interface Traced {
  readonly graph: Graph;
  readonly result: Flat;
  /** Limits of indices among the arguments. */
  readonly limits: readonly ParameterLimit[];
  /** What a call of the function prints. */
  readonly printed: Prints;
}

/** Returns the graph of `fn` for arguments of this form. */
export function trace(fn: (...args: never[]) => unknown, args: Flat): Traced {
  const parameters = args.leaves.map((leaf, i) => parameter(i, leaf));
  const traced = args.rebuild(parameters.map((node) => new Tensor(node))) as never[];
  const { value, ...printed } = collectPrints(() => staged(() => fn(...traced)));
  if (value instanceof Promise) {
    value.catch(() => {}); // it would be reported as well
    throw new TypeError(
      `Cannot compile ${fn.name || "a function"}: it is async; return tensors, and read them outside`,
    );
  }
  const result = flattenTree(value);
  const limits = limitsOf(parameters);
  passLimits(limits, args.leaves);
  return { graph: { parameters, results: result.leaves.map(({ node }) => node) }, result, limits, printed };
}

/** The graph of a function with one more result for each value that it prints. */
export function graphWithPrints({ graph, printed }: Traced): Graph {
  return printed.nodes.length === 0 ? graph : { ...graph, results: [...graph.results, ...printed.nodes] };
}

/** A compiled version of a function for one form of arguments. */
export interface Version {
  readonly compiled: CompiledGraph;
  /** The types of the results. */
  readonly types: readonly ValueType[];
  /** Makes the function's result of its tensors. */
  readonly rebuild: Flat["rebuild"];
  readonly limits: readonly ParameterLimit[];
  /** What is printed after each run; the values follow the results. */
  readonly prints: readonly Print[];
  dispose(): void;
}

/** A function that was compiled by {@linkcode jit}. */
export interface CompiledFunction<A extends unknown[], R> extends Disposable {
  (...args: A): R;
  /**
   * Frees what was compiled, now instead of when the function is collected: `using step = jit(…)` does so at the end of
   * its block. A later call compiles again.
   */
  [Symbol.dispose](): void;
}

/** A compilation of a function, in the words by which versions are found. */
export interface Compilation {
  /** Counted from 1. */
  readonly number: number;
  readonly device: string;
  /** The form of the arguments. */
  readonly signature: string;
}

/** The most compilations of a function that are remembered. */
const MOST_REMEMBERED = 100;

class Jit<A extends unknown[], R> {
  #versions = new WeakMap<Backend, LeastRecentlyUsed<Version>>();

  latest: Version | undefined;
  /** The last compilations, to explain them. */
  readonly compilations: Compilation[] = [];

  constructor(readonly fn: (...args: A) => R, readonly options: OptionValues<typeof jitOptions>) {}

  call(args: A): R {
    this.#checkDonated(args);
    const flat = flattenTree(args);
    // Inside of another trace the function simply becomes part of it.
    if (flat.leaves.some(({ node }) => node.traced)) return this.fn(...args);
    // Before any device is loaded, it is called without a trace, and its results are computed when they are read.
    if (!canCompute()) return this.fn(...args);
    const version = this.#version(args, flat);
    // It also becomes part of another trace if it uses tensors of that trace that were not passed to it.
    if (!version) return this.fn(...args);
    const { compiled, types, rebuild, limits, prints } = version;
    passLimits(limits, flat.leaves);
    const storages = compiled.run(flat.leaves.map(({ node }) => materialize(node).attributes.storage));
    if (prints.length > 0) deliver(prints, storages.splice(types.length).map(readOnce));
    return rebuild(storages.map((storage, i) => new Tensor(dataNode(types[i], storage)))) as R;
  }

  /** Frees the versions for the device that was used last; those for other devices are left to the collector. */
  free(): void {
    if (this.latest) this.#versions.get(this.latest.compiled.backend)?.clear();
    this.#versions = new WeakMap();
    this.latest = undefined;
  }

  version(args: A): Version {
    this.#checkDonated(args);
    const version = this.#version(args, flattenTree(args));
    if (!version) {
      throw new TypeError(
        `Cannot compile ${this.fn.name || "this function"} by itself: it uses tensors of another trace`,
      );
    }
    return version;
  }

  #version(args: A, flat: Flat): Version | undefined {
    const backend = currentBackend();
    let versions = this.#versions.get(backend);
    if (!versions) this.#versions.set(backend, versions = new LeastRecentlyUsed(this.options.versions));
    const signature = `${flat.structure} ${flat.leaves.map(showType).join()}`;
    let version = versions.get(signature);
    if (version) return version;
    version = this.#compile(args, flat, backend);
    if (!version) return undefined;
    versions.set(signature, this.latest = version);
    this.#remember({ device: backend.info.name, signature });
    return version;
  }

  #remember(compilation: Omit<Compilation, "number">): void {
    const number = (this.compilations.at(-1)?.number ?? 0) + 1;
    this.compilations.push({ number, ...compilation });
    if (this.compilations.length > MOST_REMEMBERED) this.compilations.shift();
  }

  #compile(args: A, flat: Flat, backend: Backend): Version | undefined {
    const traced = trace(this.fn as (...args: never[]) => unknown, flat);
    const { result, limits, printed: { prints } } = traced;
    const graph = graphWithPrints(traced);
    if (!isClosed(graph)) return undefined;
    const name = this.options.name ?? (this.fn.name || "jit");
    const compiled = new CompiledGraph(graph, backend, { name, donated: this.#donated(args) });
    // The tensors of the trace are not kept, because they hold the whole graph.
    const types = result.leaves.map(({ shape, dtype }) => ({ shape, dtype }));
    return { compiled, types, rebuild: result.rebuild, limits, prints, dispose: () => compiled.dispose() };
  }

  /** Refuses positions of donated arguments that are beyond the arguments of a call. */
  #checkDonated({ length }: A): void {
    const beyond = this.options.donate.find((position) => position >= length);
    if (beyond === undefined) return;
    throw new RangeError(
      `Cannot donate argument ${beyond} of ${this.options.name ?? (this.fn.name || "this function")}: ` +
        `it was called with ${length} ${length === 1 ? "argument" : "arguments"}, whose positions count from 0`,
    );
  }

  /** Numbers of the parameters inside of donated arguments. */
  #donated(args: A): Set<number> {
    const donated = new Set<number>();
    let next = 0;
    args.forEach((arg, position) => {
      for (const _ of flattenTree(arg).leaves) {
        if (this.options.donate.includes(position)) donated.add(next);
        next++;
      }
    });
    return donated;
  }
}

/** Reads elements that nobody else needs. */
async function readOnce(storage: Storage): Promise<HostArray> {
  const values = await storage.read();
  storage.dispose();
  return values;
}

/** Whether the results depend on no other parameters than the graph's own. */
function isClosed({ parameters, results }: Graph): boolean {
  const known = new Set<Node>(parameters);
  return topological(results).every((node) => !isNode(node, "parameter") || known.has(node));
}

/**
 * Returns a function that computes the same as `fn`, compiled to few kernels. `fn` is called once for each form of
 * arguments (shapes, element types, constants), with tensors that stand for the real ones. After that only the kernels
 * run.
 *
 * Arguments and results are trees: tensors, arrays and records of them. Numbers and other constants among the arguments
 * belong to the form, so a new number means a new compilation. Tensors that `fn` closes over are constants.
 *
 * The compiled versions are freed when the function is collected or disposed. Of one function, at most `versions` are
 * kept at the same time.
 *
 * @example
 * ```ts
 * import { jit, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const double = jit((x: Tensor) => x.mul(2).add(1));
 * assertEquals(await double(tensor([1, 2])).toArray(), [3, 5]);
 * ```
 */
export function jit<A extends unknown[], R>(fn: (...args: A) => R, options?: JitOptions): CompiledFunction<A, R> {
  refuseSurplus("jit", arguments, 2);
  checkArgument("compile a function", fn, functionKind);
  const compiled = new Jit(fn, readOptions("compile a function", jitOptions, options));
  const call = Object.assign((...args: A): R => compiled.call(args), { [Symbol.dispose]: () => compiled.free() });
  versions.set(call, compiled as Versions);
  return call;
}

/** The compiler of a function. */
interface Versions {
  version(args: unknown[]): Version;
  readonly latest: Version | undefined;
  readonly compilations: readonly Compilation[];
}

/** The compilers behind compiled functions. */
const versions = new WeakMap<(...args: never[]) => unknown, Versions>();

/**
 * Returns the version of a compiled function for these arguments, which is compiled now if necessary, or without
 * arguments the one that was compiled last.
 *
 * @throws {TypeError} if `fn` was not made by `jit`, or was never compiled.
 */
export function versionOf<A extends unknown[], R>(fn: (...args: A) => R, ...args: A | []): Version {
  const known = knownVersions(fn);
  const version = args.length > 0 ? known.version(args) : known.latest;
  if (!version) {
    throw new TypeError(
      "Cannot inspect a compiled function that was never called, or was disposed: call it first, or pass arguments",
    );
  }
  return version;
}

/**
 * Returns the compilations of a function, in order.
 *
 * @throws {TypeError} if `fn` was not made by `jit`.
 */
export function compilationsOf(fn: (...args: never[]) => unknown): readonly Compilation[] {
  return knownVersions(fn).compilations;
}

function knownVersions(fn: (...args: never[]) => unknown): Versions {
  checkArgument("inspect a compiled function", fn, functionKind);
  const known = versions.get(fn);
  if (!known) throw new TypeError(`Cannot inspect ${fn.name || "this function"}: expected a function made by jit`);
  return known;
}
