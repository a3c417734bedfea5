/**
 * A program while it is made: the tensors so far with their values, and choices among them.
 *
 * The values decide what a recipe does. A logarithm is taken of positive numbers, and what has become large is scaled,
 * so that most programs compute finite numbers whatever they are made of.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import type { Node } from "../../../core/graph/node.ts";
import { isKind } from "../../../core/graph/ops.ts";
import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { Tensor } from "../../../core/tensor.ts";
import type { Choices } from "./choices.ts";
import { evaluateInto, type Known } from "./evaluate.ts";
import { isShort } from "./expected.ts";
import { fitted } from "./fitted.ts";

/** Larger numbers are scaled. */
const LARGE = 500;

const rounds = new Set(["exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "erf", "pow", "div"]);

/** How a draft is made. */
export interface DraftOptions {
  /** The most elements of a tensor. */
  readonly mostElements: number;
  /** Whether NaN and infinities are left as they are. */
  readonly special: boolean;
  /** The number of loops and checkpoints around it. */
  readonly level: number;
  /** Adds a few steps to a draft, for bodies. */
  readonly fill: (draft: Draft) => void;
}

/** A program while it is made. */
export class Draft {
  readonly pool: Tensor[] = [];

  /** @param known the values of the parameters, to which those of all nodes are added */
  constructor(
    parameters: readonly Tensor[],
    readonly choose: Choices,
    readonly known: Known,
    readonly options: DraftOptions,
  ) {
    this.pool.push(...parameters);
  }

  /** The values of a tensor. */
  valuesOf(x: Tensor): Float64Array {
    return evaluateInto(this.known, [x.node])[0].values;
  }

  /** The largest of the finite magnitudes; 0 if there are none. */
  largest(x: Tensor): number {
    return this.valuesOf(x).reduce((most, value) => Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most, 0);
  }

  /** The smallest magnitude. */
  smallest(x: Tensor): number {
    return this.valuesOf(x).reduce((least, value) => Math.min(least, Math.abs(value)), Infinity);
  }

  /** Adds the result of a recipe, unless it is too long or not finite. */
  add(made: Tensor): void {
    if (sizeOf(made.shape) > this.options.mostElements) return;
    const values = this.valuesOf(made);
    if (made.dtype !== "f32" || this.options.special) return void this.pool.push(made);
    if (!values.every(Number.isFinite)) return;
    this.pool.push(this.largest(made) > LARGE ? this.smaller(made) : made);
  }

  /** The tensor, scaled so that no element is larger than 8 or so. */
  smaller(x: Tensor, most = 8): Tensor {
    const largest = this.largest(x);
    if (largest <= most) return x;
    return this.choose.below(2) ? x.mul(2 ** -Math.ceil(Math.log2(largest / most))) : x.sin();
  }

  /** Whether every device computes these elements exactly, so that comparisons of them have one result. */
  isExact(x: Tensor): boolean {
    if (x.dtype !== "f32") return true;
    return !this.#isRounded(x.node) && this.valuesOf(x).every(isShort);
  }

  #isRounded(node: Node): boolean {
    if (rounds.has(node.op) || isKind(node, "pick")) return true;
    return isKind(node, "movement") && node.inputs.some((input) => this.#isRounded(input));
  }

  /** One of the last tensors, sooner than one of the first. */
  pick(fits: (x: Tensor) => boolean = () => true): Tensor | undefined {
    const among = this.pool.filter(fits);
    return among.length === 0 ? undefined : among[among.length - 1 - this.choose.small(among.length)];
  }

  /** A tensor of this type, converted if there is none. */
  of(dtype: DType): Tensor {
    const found = this.choose.below(8) > 0 ? this.pick((x) => x.dtype === dtype) : undefined;
    if (found) return found;
    const other = this.pick()!;
    return other.dtype === "f32" && dtype !== "f32" ? this.exact().cast(dtype) : other.cast(dtype);
  }

  /** Numbers of type f32. */
  float(): Tensor {
    return this.of("f32");
  }

  /** Numbers of type f32 with which every device computes the same, nearly always. */
  exact(): Tensor {
    if (this.choose.below(16) === 0) return this.float();
    const found = this.pick((x) => x.dtype === "f32" && this.isExact(x));
    if (found) return found;
    const x = this.pick()!;
    return x.shape.length === 0 ? x.fullLike(1.5, "f32") : x.indexAlong(-1).cast("f32").mul(0.5).sub(1);
  }

  /** Whole numbers of one of the integer types. */
  integer(): Tensor {
    return this.of(this.choose.of(["i32", "i32", "u32"]));
  }

  /** A tensor of one of these types; exact, if it is f32 and must be. */
  among(dtypes: readonly DType[], { exact = false } = {}): Tensor {
    const dtype = this.choose.of(dtypes);
    return dtype === "f32" && exact ? this.exact() : this.of(dtype);
  }

  /** A tensor that fits `x`: of its shape and its element type. */
  like(x: Tensor, { exact = false } = {}): Tensor {
    const how = this.choose.below(6);
    if (how === 0 && x.dtype === "f32" && x.shape.length > 0 && sizeOf(x.shape) > 0 && !exact) {
      const axis = this.choose.below(x.shape.length);
      return x.sum({ axis, keepDims: true }).broadcastTo(x.shape);
    }
    const same = how < 4 ? this.pick((y) => y.dtype === x.dtype && String(y.shape) === String(x.shape)) : undefined;
    const other = same && (!exact || this.isExact(same)) ? same : this.among([x.dtype], { exact });
    return fitted(other, x.shape, this.choose);
  }

  /** A tensor with at least one axis. */
  withAxis(x: Tensor): Tensor {
    return x.shape.length === 0 ? x.reshape([1]) : x;
  }

  /** A tensor without axes of extent 0. */
  withElements(x: Tensor): Tensor {
    return sizeOf(x.shape) > 0 ? x : x.pad(x.shape.map((extent): [number, number] => [extent === 0 ? 1 : 0, 0]));
  }

  /** An axis of a shape, sooner one along which there is something to combine. */
  axis(shape: Shape): number {
    const long = shape.flatMap((extent, axis) => extent > 1 ? [axis] : []);
    return long.length > 0 && !this.choose.once(8) ? this.choose.of(long) : this.choose.below(shape.length);
  }

  /** Some axes of a shape, at least one if there is one. */
  axes(shape: Shape): number[] {
    const some = shape.map((_, axis) => axis).filter(() => this.choose.once(3));
    return shape.length === 0 ? [] : [...new Set([this.axis(shape), ...some])].toSorted((a, b) => a - b);
  }

  /** A draft inside of this one, which may read all that there is. */
  inner(parameters: readonly Tensor[], values: readonly Float64Array[]): Draft {
    const known: Known = new Map(this.known);
    parameters.forEach(({ node, shape }, i) => known.set(node, { shape, values: values[i] }));
    const inside = new Draft([...this.pool, ...parameters], this.choose, known, {
      ...this.options,
      level: this.options.level + 1,
    });
    return inside;
  }
}
