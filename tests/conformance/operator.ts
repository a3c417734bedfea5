/**
 * What an operator of the table is: a function from inputs and attributes to outputs.
 *
 * @module
 */

import type { DType } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import { type Tensor, tensor } from "../../core/mod.ts";
import type { Attributes } from "./attributes.ts";
import type { Operand } from "./operand.ts";
import { Unsupported } from "./unsupported.ts";

/** The inputs of a case: tensors of the trace, and, where the shape of a result depends on them, their values. */
export class Inputs {
  readonly #operands: readonly (Operand | undefined)[];
  readonly #tensors: ReadonlyMap<Operand, Tensor>;

  constructor(operands: readonly (Operand | undefined)[], tensors: ReadonlyMap<Operand, Tensor>) {
    this.#operands = operands;
    this.#tensors = tensors;
  }

  /** How many there are, absent ones included. */
  get count(): number {
    return this.#operands.length;
  }

  /** Input `position`, or `undefined` where it is absent. */
  optional(position: number): Tensor | undefined {
    const operand = this.#operands[position];
    if (operand === undefined) return undefined;
    const traced = this.#tensors.get(operand);
    if (!traced) throw new Unsupported(`integers of ${operand.name} that need more than 32 bits`);
    return traced;
  }

  /** Input `position`. */
  tensor(position: number): Tensor {
    const found = this.optional(position);
    if (!found) throw new TypeError(`Cannot find input ${position}: expected a tensor, got none`);
    return found;
  }

  /** Inputs from `start` up to `stop`, all of which must be there. */
  tensors(start = 0, stop = this.count): Tensor[] {
    return Array.from({ length: stop - start }, (_, i) => this.tensor(start + i));
  }

  /** The values of input `position`, known before anything is computed; `undefined` where it is absent. */
  values(position: number): number[] | undefined {
    const operand = this.#operands[position];
    return operand && Array.from(operand.values);
  }

  /** The only value of input `position`, known before anything is computed; `undefined` where it is absent. */
  value(position: number): number | undefined {
    return this.values(position)?.[0];
  }

  /** The element type and the number of bytes of one element of input `position` in the file. */
  type(position: number): { readonly dtype: DType; readonly bytes: number } | undefined {
    return this.#operands[position];
  }
}

/** What an operator may want to know of its case besides inputs and attributes. */
export interface CaseFacts {
  /** The version of the operator set; infinite where the case tells none. */
  readonly opset: number;
  /** The number of outputs that are expected. */
  readonly outputs: number;
  /** The tensor that an attribute names. */
  attributeTensor(name: string): Tensor | undefined;
}

/**
 * An operator of ONNX, made of operations of the framework.
 *
 * @returns the outputs in order; trailing ones that are not expected may be missing
 * @throws {Unsupported} for what cannot be done.
 */
export type Operator = (inputs: Inputs, attributes: Attributes, facts: CaseFacts) => readonly (Tensor | undefined)[];

/** Operators by name. */
export type Operators = Readonly<Record<string, Operator>>;

/** A constant of whole numbers. */
export function integers(values: readonly number[], shape: Shape = [values.length]): Tensor {
  return tensor(Int32Array.from(values), shape);
}
