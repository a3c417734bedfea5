/**
 * Operators: functions from inputs and attributes to outputs.
 *
 * @module
 */

import type { DType } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import { type Tensor, tensor } from "../../core/mod.ts";
import type { Attributes } from "./attributes.ts";
import type { Operand } from "./operand.ts";
import { Unsupported } from "./unsupported.ts";

/** The inputs of a case: tensors of the trace, and their values if the shape of a result depends on them. */
export class Inputs {
  readonly #operands: readonly (Operand | undefined)[];
  readonly #tensors: ReadonlyMap<Operand, Tensor>;

  constructor(operands: readonly (Operand | undefined)[], tensors: ReadonlyMap<Operand, Tensor>) {
    this.#operands = operands;
    this.#tensors = tensors;
  }

  /** The number of inputs, including absent ones. */
  get count(): number {
    return this.#operands.length;
  }

  /** Input `position`, or `undefined` if it is absent. */
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

  /** Inputs from `start` up to `stop`, all of which must be present. */
  tensors(start = 0, stop = this.count): Tensor[] {
    return Array.from({ length: stop - start }, (_, i) => this.tensor(start + i));
  }

  /** The values of input `position`, known before anything is computed; `undefined` if it is absent. */
  values(position: number): number[] | undefined {
    const operand = this.#operands[position];
    return operand && Array.from(operand.values);
  }

  /** The only value of input `position`, known before anything is computed; `undefined` if it is absent. */
  value(position: number): number | undefined {
    return this.values(position)?.[0];
  }

  /** The element type and the number of bytes of one element of input `position` in the file. */
  type(position: number): { readonly dtype: DType; readonly bytes: number } | undefined {
    return this.#operands[position];
  }
}

/** What an operator may need of its case in addition to inputs and attributes. */
export interface CaseFacts {
  /** The version of the operator set; infinite if the case has none. */
  readonly opset: number;
  /** The number of expected outputs. */
  readonly outputs: number;
  /** The tensor that an attribute names. */
  attributeTensor(name: string): Tensor | undefined;
}

/**
 * An operator of ONNX, composed of operations of the framework.
 *
 * @returns the outputs in order; trailing ones that are not expected may be omitted
 * @throws {Unsupported} for something that is not supported.
 */
export type Operator = (inputs: Inputs, attributes: Attributes, facts: CaseFacts) => readonly (Tensor | undefined)[];

/** Operators by name. */
export type Operators = Readonly<Record<string, Operator>>;

/** A constant of whole numbers. */
export function integers(values: readonly number[], shape: Shape = [values.length]): Tensor {
  return tensor(Int32Array.from(values), shape);
}
