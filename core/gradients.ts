/**
 * Gradients of functions, and how the backward pass treats parts of them: recomputed, or as constants.
 *
 * @module
 */

import { refuseSurplus } from "./options/surplus.ts";
import { addPrints } from "./debugging/prints.ts";
import { isFloat } from "./dtype.ts";
import { closeOver } from "./graph/close_over.ts";
import { pull } from "./graph/grad.ts";
import { type Graph, type Node, showType } from "./graph/node.ts";
import { makeNode } from "./graph/ops.ts";
import { rewrite } from "./graph/rewrite.ts";
import { graphWithPrints, jit, trace } from "./jit.ts";
import { functionKind } from "./options/kinds.ts";
import { checkArgument, checkArguments } from "./options/read.ts";
import { count } from "./options/numbers.ts";
import { Tensor } from "./tensor.ts";
import { flattenTree, mapTree } from "./tree.ts";

/** Calls `fn` directly if its arguments are traced, otherwise compiled. */
function traced<A extends unknown[], R>(fn: (...args: A) => R, name: string): (...args: A) => R {
  return jit(fn, { name });
}

/** Returns `nodes` with the parameters of a trace replaced by the tensors that were passed. */
function substitute(graph: Graph, nodes: readonly Node[], values: readonly Tensor[]): Node[] {
  const given = new Map<Node, Node>(graph.parameters.map((node, i) => [node, values[i].node]));
  return rewrite(nodes, (node) => given.get(node));
}

/** Refuses arguments without any f32: a gradient of 0 would look like a result. Records may contain counters. */
function checkDifferentiable(name: string, leaves: readonly Tensor[], argument: number): void {
  if (leaves.length === 0 || leaves.some(({ dtype }) => isFloat(dtype))) return;
  throw new TypeError(
    `Cannot take the gradient of ${name || "this function"} with respect to argument ${argument}: expected f32, got ${
      showType(leaves[0])
    }; cast it with \`.cast("f32")\` first`,
  );
}

const argumentPosition = count({ least: 0 });

/**
 * Returns a function that computes the value of `fn` and its gradient with respect to one argument. The argument is a
 * tree of tensors, and the gradient has its form, with 0 for those that are not f32. `fn` must return a scalar, or an
 * array or record whose first tensor is one; the other tensors of the result are passed through.
 *
 * @param argument the position of the argument to differentiate with respect to
 * @throws {TypeError} if the first tensor of the result is not an f32 scalar, or no tensor of the argument is f32.
 *
 * @example
 * ```ts
 * import { tensor, type Tensor, valueAndGrad } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [value, gradient] = valueAndGrad((x: Tensor) => x.square().sum())(tensor([1, 2]));
 * assertEquals(await value.item(), 5);
 * assertEquals(await gradient.toArray(), [2, 4]);
 * ```
 */
export function valueAndGrad<A extends unknown[], R, N extends number = 0>(
  fn: (...args: A) => R,
  argument: N = 0 as N,
): (...args: A) => [R, A[N]] {
  checkArgument("take a gradient", fn, functionKind);
  checkArguments("take a gradient", { argument }, argumentPosition);
  return traced((...args: A): [R, A[N]] => {
    if (argument >= args.length) {
      throw new RangeError(
        `Cannot take the gradient of ${
          fn.name || "this function"
        } with respect to argument ${argument}: expected a position among its ${args.length} arguments`,
      );
    }
    const wanted = flattenTree(args[argument]);
    checkDifferentiable(fn.name, wanted.leaves, argument);
    const flat = flattenTree(args);
    const { graph, result, printed: { prints, nodes: printed } } = trace(fn as (...args: never[]) => unknown, flat);
    const [target] = graph.results;
    if (!target || target.shape.length > 0 || target.dtype !== "f32") {
      throw new TypeError(
        `Cannot take the gradient of ${fn.name || "this function"}: expected a scalar f32 result, got ${
          target ? showType(target) : "no tensor"
        }`,
      );
    }
    const first = args.slice(0, argument).reduce((count: number, arg) => count + flattenTree(arg).leaves.length, 0);
    const sources = graph.parameters.slice(first, first + wanted.leaves.length).map((node) => new Tensor(node));
    const one = new Tensor(target).onesLike();
    const gradients = pull([new Tensor(target)], [one], sources).map((gradient, i) =>
      gradient ?? sources[i].zerosLike()
    );
    const computed = [...graph.results, ...gradients.map(({ node }) => node), ...printed];
    const nodes = substitute(graph, computed, flat.leaves);
    addPrints({ prints, nodes: nodes.splice(nodes.length - printed.length) });
    const tensors = nodes.map((node) => new Tensor(node));
    const count = graph.results.length;
    return [result.rebuild(tensors.slice(0, count)) as R, wanted.rebuild(tensors.slice(count)) as A[N]];
  }, `grad ${fn.name}`.trim());
}

/**
 * Returns a function that computes the gradient of `fn` with respect to one argument.
 *
 * @param argument the position of the argument to differentiate with respect to
 *
 * @example
 * ```ts
 * import { grad, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const cube = (x: Tensor) => x.pow(3).sum();
 * assertEquals(await grad(cube)(tensor([1, 2])).toArray(), [3, 12]);
 * const second = grad((x: Tensor) => grad(cube)(x).sum());
 * assertEquals(await second(tensor([1, 2])).toArray(), [6, 12]);
 * ```
 */
export function grad<A extends unknown[], R, N extends number = 0>(
  fn: (...args: A) => R,
  argument: N = 0 as N,
): (...args: A) => A[N] {
  checkArgument("take a gradient", fn, functionKind);
  const both = valueAndGrad(fn, argument);
  return (...args: A): A[N] => both(...args)[1];
}

/**
 * Returns the result of `fn` for these arguments, and a function from cotangents of the result (a tree of its form) to
 * cotangents of the arguments.
 *
 * @example
 * ```ts
 * import { tensor, type Tensor, vjp } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [y, pullback] = vjp((x: Tensor) => x.mul(3), tensor([1, 2]));
 * const [gradient] = pullback(tensor([1, 10]));
 * assertEquals(await y.toArray(), [3, 6]);
 * assertEquals(await gradient.toArray(), [3, 30]);
 * ```
 */
export function vjp<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): [R, (cotangents: R) => A] {
  checkArgument("pull back cotangents", fn, functionKind);
  const backward = traced((cotangents: R, ...inputs: A): A => {
    const flat = flattenTree(inputs);
    const { graph } = trace(fn as (...args: never[]) => unknown, flat);
    const given = flattenTree(cotangents).leaves;
    graph.results.forEach((node, i) => {
      if (!given[i] || String(given[i].shape) !== String(node.shape)) {
        throw new TypeError(
          `Cannot pull back cotangent ${i}: expected ${showType(node)}, got ${given[i] ? showType(given[i]) : "none"}`,
        );
      }
    });
    const sources = graph.parameters.map((node) => new Tensor(node));
    const pulled = pull(graph.results.map((node) => new Tensor(node)), given, sources);
    const gradients = pulled.map((gradient, i) => (gradient ?? sources[i].zerosLike()).node);
    return flat.rebuild(substitute(graph, gradients, flat.leaves).map((node) => new Tensor(node))) as A;
  }, `vjp ${fn.name}`.trim());
  return [traced(fn, fn.name || "vjp")(...args), (cotangents: R) => backward(cotangents, ...args)];
}

/**
 * Returns a function that computes the same as `fn`, but keeps only its arguments for the gradient and computes the
 * rest again. This takes less memory but more time.
 *
 * Source: Chen, Xu, Zhang and Guestrin, "Training deep nets with sublinear memory cost", 2016.
 *
 * @example
 * ```ts
 * import { checkpoint, grad, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const block = checkpoint((x: Tensor) => x.square().square());
 * assertEquals(await grad((x: Tensor) => block(x).sum())(tensor([2])).toArray(), [32]);
 * ```
 */
export function checkpoint<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  refuseSurplus("checkpoint", arguments, 1);
  checkArgument("recompute a function", fn, functionKind);
  return traced((...args: A): R => {
    const flat = flattenTree(args);
    const traced = trace(fn as (...args: never[]) => unknown, flat);
    const { graph: body, outside } = closeOver(graphWithPrints(traced));
    const inputs = [...flat.leaves.map(({ node }) => node), ...outside];
    const tuple = makeNode("checkpoint", inputs, { body });
    const picks = tuple.results!.map((_, index) => makeNode("pick", [tuple], { index }));
    addPrints({ prints: traced.printed.prints, nodes: picks.splice(traced.graph.results.length) });
    return traced.result.rebuild(picks.map((node) => new Tensor(node))) as R;
  }, fn.name || "checkpoint");
}

/**
 * Returns the tensor, or tree of tensors, unchanged; gradients treat it as a constant.
 *
 * @example
 * ```ts
 * import { grad, stopGradient, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const f = (x: Tensor) => x.mul(stopGradient(x)).sum();
 * assertEquals(await grad(f)(tensor([3])).toArray(), [3]);
 * ```
 */
export function stopGradient<T>(tree: T): T {
  return mapTree((tensor) => tensor.stopGradient(), tree);
}
