/**
 * The immutable tensor.
 *
 * @module
 */

import type { DType, HostArray } from "./dtype.ts";
import { binary, checkBinary, choose, power, reversed, truncate } from "./functions/mixed_operands.ts";
import * as movement from "./functions/movement.ts";
import { converted, reinterpreted, separate } from "./functions/converted.ts";
import { matmul } from "./functions/matmul.ts";
import * as reduction from "./functions/reduction.ts";
import type { Attributes, Primitive } from "./graph/attributes.ts";
import type { Node } from "./graph/node.ts";
import { constantNode } from "./constant_node.ts";
import { makeNode } from "./graph/ops.ts";
import { type BinaryOp, scalarOps, type UnaryOp } from "./scalar/operations.ts";
import { type NestedArray, nestElements, onlyElement } from "./nested_array.ts";
import { computeTogether, isComputedNow, readNode, settle, settleTuple } from "./runtime.ts";
import { normalizeAxis, type Shape } from "./shape.ts";
import { displayTensor, refuseOperator, showTensor } from "./show_tensor.ts";
import type { Storage } from "./storage.ts";
import { endViews, release, show } from "./view.ts";

export type { NestedArray };
/** An operand: a tensor, or a number that takes the other operand's element type. */
export type TensorLike = Tensor | number;

/**
 * An immutable array of numbers of any rank. Operations return new tensors; they queue work and return immediately.
 * Reading the elements (`data`, `toArray`, `item`) waits for them.
 */
export class Tensor {
  #node: Node;
  /** The memory of other tensors that it shows. */
  #shown: readonly Storage[] = [];

  /** @internal Wraps a node of the graph. Make tensors with `tensor`, `zeros` and the like. */
  constructor(node: Node) {
    this.#node = node;
  }

  /** @internal The node of the graph that computes this tensor. */
  get node(): Node {
    return this.#node;
  }

  /** The extents of the axes. */
  get shape(): Shape {
    return this.#node.shape;
  }

  /** The type of the elements. */
  get dtype(): DType {
    return this.#node.dtype;
  }

  /** @internal Applies a primitive to this tensor and others. All other methods are composed of it. */
  apply<P extends Primitive>(op: P, others: readonly Tensor[], attributes: Attributes[P]): Tensor {
    return new Tensor(settle(makeNode(op, [this.#node, ...others.map(({ node }) => node)], attributes)));
  }

  /** @internal Applies a primitive with several results. */
  applyTuple<P extends Primitive>(op: P, others: readonly Tensor[], attributes: Attributes[P]): Tensor[] {
    const tuple = makeNode(op, [this.#node, ...others.map(({ node }) => node)], attributes);
    const picks = tuple.results!.map((_, index) => makeNode("pick", [tuple], { index }));
    return settleTuple(picks).map((node) => new Tensor(node));
  }

  /** @internal Computes a composed operation by one program, not one for each of its parts. */
  composed(compose: () => Tensor): Tensor {
    return isComputedNow(this.#node) ? new Tensor(computeTogether(() => compose().node)) : compose();
  }

  /** @internal Returns a movement of this tensor as a tensor of its own, which keeps memory that it shows, if any. */
  viewed(result: Tensor): Tensor {
    const view = result === this ? new Tensor(this.#node) : result;
    if (result === this || view.#node.op !== "data") view.#shown = show(view.#node);
    return view;
  }

  /** A scalar tensor. */
  scalar(value: number, dtype: DType = this.dtype): Tensor {
    return new Tensor(constantNode([], value, dtype));
  }

  /** A tensor of this shape whose elements are all one number, which the element type must be able to hold. */
  fullLike(value: number, dtype: DType = this.dtype): Tensor {
    return new Tensor(constantNode(this.shape, value, dtype));
  }
  /** Zeros of this shape and element type. */
  zerosLike(): Tensor {
    return this.fullLike(0);
  }
  /** Ones of this shape and element type. */
  onesLike(): Tensor {
    return this.fullLike(1);
  }

  /** The index along `axis` of each element of this shape, as i32. */
  indexAlong(axis: number): Tensor {
    const along = normalizeAxis(axis, this.shape.length, "take indices");
    return new Tensor(makeNode("iota", [], { shape: this.shape, dtype: "i32", axis: along }));
  }

  // Reading

  /** Returns a copy of the elements in row-major order; bool as bytes of 0 and 1. */
  async data(): Promise<HostArray> {
    const { node, values } = await readNode(this.#node);
    if (node !== this.#node) [this.#node, this.#shown] = [node, endViews(this.#shown)];
    return values;
  }

  /** Returns the elements as nested arrays; a number for a scalar. */
  async toArray(): Promise<NestedArray> {
    return nestElements(await this.data(), this);
  }

  /** Returns the only element. */
  async item(): Promise<number> {
    return onlyElement(await this.data(), this);
  }

  /** Releases the memory now, not only when the tensor is collected. What views of it show, such as a transpose, stays. */
  dispose(): void {
    [this.#node, this.#shown] = [release(this.#node, this.#shown), []];
  }

  /** Disposes the tensor at the end of a block with `using x = …`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Returns shape, type, and the elements if the host has them, as text: `Tensor f32[3] [1, 2, 3]`. */
  toString(): string {
    return showTensor(this.#node);
  }

  /** The text that `console.log` prints in Deno. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** The text that `console.log` prints in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
  /** The text that notebooks show, with the elements, which are read from the device. */
  [Symbol.for("Jupyter.display")](): Promise<Readonly<Record<string, string>>> {
    return displayTensor(this);
  }

  /** Refuses operators such as `+`, which JavaScript has for numbers only. */
  [Symbol.toPrimitive](hint: string): string {
    return hint === "string" ? this.toString() : refuseOperator(this.#node);
  }

  // Elementwise, one operand

  #unary(op: UnaryOp): Tensor {
    const floats = this.dtype === "bool" || scalarOps[op].takes === "float";
    return (floats ? converted(this, "f32") : this).apply(op, [], {});
  }

  /** −x. */
  neg(): Tensor {
    return this.#unary("neg");
  }
  /** |x|. */
  abs(): Tensor {
    return this.#unary("abs");
  }
  /** −1, 0 or 1. */
  sign(): Tensor {
    return this.#unary("sign");
  }
  /** eˣ. */
  exp(): Tensor {
    return this.#unary("exp");
  }
  /** The natural logarithm. */
  log(): Tensor {
    return this.#unary("log");
  }
  /** √x. */
  sqrt(): Tensor {
    return this.#unary("sqrt");
  }
  /** x². */
  square(): Tensor {
    return this.mul(this);
  }
  /** 1 / x. */
  reciprocal(): Tensor {
    return converted(this, "f32").fullLike(1).div(this);
  }
  /** The sine of x in radians. */
  sin(): Tensor {
    return this.#unary("sin");
  }
  /** The cosine of x in radians. */
  cos(): Tensor {
    return this.#unary("cos");
  }
  /** The hyperbolic tangent. */
  tanh(): Tensor {
    return this.#unary("tanh");
  }
  /** 1 / (1 + e⁻ˣ). */
  sigmoid(): Tensor {
    return this.#unary("sigmoid");
  }
  /** The error function, 2/√π ∫₀ˣ exp(−t²) dt. */
  erf(): Tensor {
    return this.#unary("erf");
  }
  /** The greatest whole number that is not above x. */
  floor(): Tensor {
    return this.#unary("floor");
  }
  /** x without its fractional part. */
  trunc(): Tensor {
    return separate(this, truncate(this));
  }
  /** True for false, and false for true. */
  logicalNot(): Tensor {
    return converted(this, "bool").apply("not", [], {});
  }
  /** The values in another element type, truncated from f32 to integers; to bool, `≠ 0`. */
  cast(dtype: DType): Tensor {
    return separate(this, converted(this, dtype));
  }
  /** The bits in another 32-bit element type. */
  bitcast(dtype: Exclude<DType, "bool">): Tensor {
    return separate(this, reinterpreted(this, dtype));
  }

  // Elementwise, two operands; shapes broadcast

  /** A binary primitive with broadcasting and promotion of element types. */
  binary(op: BinaryOp, other: TensorLike): Tensor {
    return binary(checkBinary(op), this, other);
  }
  /** x + y. */
  add(other: TensorLike): Tensor {
    return binary("add", this, other);
  }
  /** x − y. */
  sub(other: TensorLike): Tensor {
    return binary("sub", this, other);
  }
  /** x · y, element by element. */
  mul(other: TensorLike): Tensor {
    return binary("mul", this, other);
  }
  /** x / y as f32. */
  div(other: TensorLike): Tensor {
    return binary("div", this, other);
  }
  /** The remainder of x / y with the sign of x. */
  mod(other: TensorLike): Tensor {
    return binary("mod", this, other);
  }
  /** xʸ. */
  pow(exponent: TensorLike): Tensor {
    return separate(this, power(this, exponent));
  }
  /** The greater of x and y; NaN if one of them is NaN. */
  maximum(other: TensorLike): Tensor {
    return binary("max", this, other);
  }
  /** The lesser of x and y; NaN if one of them is NaN. */
  minimum(other: TensorLike): Tensor {
    return binary("min", this, other);
  }
  /** x < y. */
  less(other: TensorLike): Tensor {
    return binary("lt", this, other);
  }
  /** x ≤ y. */
  lessEqual(other: TensorLike): Tensor {
    return binary("le", this, other);
  }
  /** x > y. */
  greater(other: TensorLike): Tensor {
    return reversed("lt", this, other);
  }
  /** x ≥ y. */
  greaterEqual(other: TensorLike): Tensor {
    return reversed("le", this, other);
  }
  /** x = y. */
  equal(other: TensorLike): Tensor {
    return binary("eq", this, other);
  }
  /** x ≠ y. */
  notEqual(other: TensorLike): Tensor {
    return binary("ne", this, other);
  }
  /** Both (bool), or the common bits (integers). */
  and(other: Tensor): Tensor {
    return binary("and", this, other);
  }
  /** Either (bool), or all bits (integers). */
  or(other: Tensor): Tensor {
    return binary("or", this, other);
  }
  /** Elements of `yes` where this is true, of `no` elsewhere. */
  where(yes: TensorLike, no: TensorLike): Tensor {
    return choose(this, yes, no);
  }

  /** The matrix product over the last two axes. */
  matmul(other: Tensor): Tensor {
    return matmul(this, other);
  }

  // Movement

  /** The same elements in another shape; one extent may be -1. */
  reshape(shape: Shape): Tensor {
    return this.viewed(movement.reshape(this, shape));
  }
  /** The axes in another order (default: reversed). */
  transpose(axes?: readonly number[]): Tensor {
    return this.viewed(movement.transpose(this, axes));
  }
  /** The elements repeated along axes of extent 1. */
  broadcastTo(shape: Shape): Tensor {
    return this.viewed(movement.broadcastTo(this, shape));
  }
  /** Every `step`-th element from `start` up to `stop` along each axis; negative bounds count from the end. */
  slice(start: readonly number[], stop?: readonly number[], step?: readonly number[]): Tensor {
    return this.viewed(movement.slice(this, { start, stop, step }));
  }
  /** The tensor with `value` added around it, which the element type must be able to hold. */
  pad(padding: readonly (readonly [number, number])[], value = 0): Tensor {
    return this.viewed(movement.pad(this, padding, value));
  }
  /** The elements in reverse order along axes. */
  flip(axis?: number | readonly number[]): Tensor {
    return this.viewed(movement.flip(this, axis));
  }
  /** The tensor without axes of extent 1. */
  squeeze(axis?: number | readonly number[]): Tensor {
    return this.viewed(movement.squeeze(this, axis));
  }
  /** The tensor with a new axis of extent 1. */
  expandDims(axis: number): Tensor {
    return this.viewed(movement.expandDims(this, axis));
  }

  // Reductions

  /** Σ x. */
  sum(options?: reduction.ReductionOptions): Tensor {
    return separate(this, reduction.reduce("sum", this, options));
  }
  /** Π x. */
  prod(options?: reduction.ReductionOptions): Tensor {
    return separate(this, reduction.reduce("prod", this, options));
  }
  /** The greatest element. */
  max(options?: reduction.ReductionOptions): Tensor {
    return separate(this, reduction.reduce("maxOf", this, options));
  }
  /** The least element. */
  min(options?: reduction.ReductionOptions): Tensor {
    return separate(this, reduction.reduce("minOf", this, options));
  }
  /** The mean, as f32. */
  mean(options?: reduction.ReductionOptions): Tensor {
    return reduction.mean(this, options);
  }
  /** The mean square deviation from the mean; divided by n − `correction`. */
  variance(options?: reduction.VarianceOptions): Tensor {
    return reduction.variance(this, options);
  }
  /** The position of the first greatest element, as i32; if there is a NaN, that of the first NaN. */
  argmax(options?: reduction.ReductionOptions): Tensor {
    return reduction.reduce("argmax", this, options);
  }
  /** The position of the first least element, as i32; if there is a NaN, that of the first NaN. */
  argmin(options?: reduction.ReductionOptions): Tensor {
    return reduction.reduce("argmin", this, options);
  }

  /** The same value; gradients treat it as a constant. */
  stopGradient(): Tensor {
    return this.viewed(this.apply("stop", [], {}));
  }
}
