/**
 * Writes scalar expressions as code, either as a 32-bit whole number that is the same in all lanes, or as four lanes.
 *
 * @module
 */

import {
  type Affine,
  type Apply,
  type Checked,
  type Expression,
  type Load,
  termsOf,
  usesResults,
} from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { strideAlong } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import { writeLoad } from "./loads.ts";
import type { Turn } from "./squares.ts";
import {
  byConstant,
  limitedBy,
  type Operation,
  scalarOperations,
  uniformShifts,
  vectorOperations,
} from "../scalar/operations.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";

/** Writes expressions at the levels of a scope. Every value is computed once, as far out as its operands are known. */
export class ExpressionWriter {
  /** Makes the expressions that the nest does not have, such as parts of its guards. */
  readonly table = new ExpressionTable();
  /** The row of a square that is being written, if there is one. */
  turn: Turn | undefined;

  /**
   * `slots[i]` holds the address of the nest's buffer `i`. `recorder` is the function that records an index outside of
   * its table, if the nest checks indices.
   */
  constructor(
    readonly scope: CodeScope,
    readonly slots: readonly Local[],
    readonly recorder: number | undefined,
  ) {}

  /** A whole number or a bool (0 or 1); if lanes differ, that of the first lane. */
  scalar(e: Expression): Local {
    const { level, copied } = this.scope.facts(e);
    const { scalars } = this.scope.known(level, copied);
    const found = scalars.get(e);
    if (found !== undefined) return found;
    const local = this.scope.at(level, copied, () => this.#scalar(e));
    scalars.set(e, local);
    return local;
  }

  /** The scalar of a condition, if there is one. */
  condition(e: Expression | undefined): Local | undefined {
    return e && this.scalar(e);
  }

  /** Four lanes. */
  vector(e: Expression): Local {
    const { level, varies, copied } = this.scope.facts(e);
    const { vectors } = this.scope.known(level, copied);
    const found = vectors.get(e);
    if (found !== undefined) return found;
    const local = this.scope.at(level, copied, () => this.#vector(e, varies));
    vectors.set(e, local);
    return local;
  }

  /** The address of element `index` of a buffer; if lanes differ, that of the first lane. Its parts are hoisted. */
  address(slot: number, index: Expression): Local {
    return this.#addressWithin(slot, index, this.scope.facts(index).level);
  }

  /** The difference of `index` from lane to lane, in elements; undefined if it is not always the same. */
  stride(index: Expression): number | undefined {
    const { lanes, aligned } = this.scope;
    if (!lanes || !this.scope.facts(index).varies) return 0;
    return usesResults(index) ? undefined : strideAlong(index, lanes, aligned ? LANES : undefined);
  }

  /** The sum of the buffer's address and the terms that are known at `level`. */
  #addressWithin(slot: number, index: Expression, level: number): Local {
    const { terms, constant } = termsOf(index);
    const here = terms.filter(([term]) => this.scope.facts(term).level === level);
    if (level === 0 && here.length === 0 && constant === 0) return this.slots[slot];
    if (level > 0 && here.length === 0) return this.#addressWithin(slot, index, level - 1);
    const within = terms.map(([term]) => this.scope.facts(term)).filter((facts) => facts.level <= level);
    const copied = within.some((facts) => facts.copied);
    const { addresses } = this.scope.known(level, copied);
    const bySlot = addresses.get(index) ?? new Map<number, Local>();
    addresses.set(index, bySlot);
    const found = bySlot.get(slot);
    if (found !== undefined) return found;
    const local = this.scope.at(level, copied, () => {
      const start = level === 0
        ? this.#plus(this.slots[slot], 4 * constant)
        : this.#addressWithin(slot, index, level - 1);
      return here.reduce((sum, [term, c]) => this.#plusMultiple(sum, this.scalar(term), 4 * c), start);
    });
    bySlot.set(slot, local);
    return local;
  }

  #plus(local: Local, constant: number): Local {
    return constant === 0 ? local : this.scope.op("i32.add", [local, this.scope.i32(constant)]);
  }

  #plusMultiple(sum: Local | undefined, term: Local, factor: number): Local {
    const { scope } = this;
    const product = factor === 1 ? term : scope.op("i32.mul", [term, scope.i32(factor)]);
    return sum === undefined ? product : scope.op("i32.add", [sum, product]);
  }

  #scalar(e: Expression): Local {
    const { scope } = this;
    switch (e.kind) {
      case "literal":
        return scope.i32(e.dtype === "bool" ? (e.value ? 1 : 0) : e.value);
      case "variable":
        return scope.variable(e);
      case "affine":
        return this.#scalarSum(e);
      case "apply": {
        const operation = this.#scalarOperation(e);
        if (!operation) break;
        return operation(scope, e.args.map((arg) => this.scalar(arg)), { to: e.dtype, from: e.args.at(-1)!.dtype });
      }
      case "load":
        if (e.dtype === "f32" || e.guard || scope.facts(e).varies) break;
        return scope.op("i32.load", [this.address(e.slot, e.index)]);
      case "checked":
        return this.#checkedScalar(e);
      case "result":
        break;
    }
    const first = scope.op("i32x4.extract_lane", [this.vector(e)], 0);
    return e.dtype === "bool" ? scope.op("i32.and", [first, scope.i32(1)]) : first;
  }

  #scalarOperation(e: Apply): Operation | undefined {
    return e.dtype === "f32" || e.args.some(({ dtype }) => dtype === "f32") ? undefined : scalarOperations[e.op];
  }

  #scalarSum({ terms, constant }: Affine): Local {
    let sum: Local | undefined;
    const byLevel = [...terms].sort(([a], [b]) => this.scope.facts(a).level - this.scope.facts(b).level);
    for (const [term, coefficient] of byLevel) sum = this.#plusMultiple(sum, this.scalar(term), coefficient);
    return this.#plus(sum!, constant);
  }

  #vector(e: Expression, varies: boolean): Local {
    const { scope } = this;
    if (e.kind === "literal") {
      return this.#literal(e.dtype === "f32", e.dtype === "bool" ? -Number(!!e.value) : e.value);
    }
    if (!varies && this.#isScalar(e)) return this.#splat(e);
    switch (e.kind) {
      case "variable":
        return scope.op("i32x4.add", [scope.op("i32x4.splat", [scope.variable(e)]), scope.i32x4(0, 1, 2, 3)]);
      case "affine":
        return this.#vectorSum(e);
      case "load":
        return this.#load(e);
      case "apply":
        return this.#apply(e);
      case "checked":
        return this.#checkedVector(e);
      case "result":
        return scope.resultOf(e.reduction);
    }
  }

  /** An index that is the same in all lanes, or that of the first lane. */
  #checkedScalar({ index, position, size, number }: Checked): Local {
    const { scope } = this;
    const [value, place] = [this.scalar(index), this.scalar(position)];
    scope.code.statement((code) => {
      code.get(value).i32(size).op("i32.ge_u").if();
      code.get(value).get(place).i32(size).i32(number).op("call", this.#recorder).end();
    });
    return value;
  }

  #checkedVector({ index, position, size, number }: Checked): Local {
    const { scope } = this;
    const [values, places, limit] = [this.vector(index), this.vector(position), scope.i32x4(size)];
    scope.code.statement((code) => {
      code.get(values).get(limit).op("i32x4.ge_u").op("v128.any_true").if();
      for (let lane = 0; lane < LANES; lane++) {
        code.get(values).op("i32x4.extract_lane", lane).get(places).op("i32x4.extract_lane", lane);
        code.i32(size).i32(number).op("call", this.#recorder);
      }
      code.end();
    });
    return values;
  }

  get #recorder(): number {
    if (this.recorder === undefined) throw new Error("Cannot write the nest: it checks indices without a recorder");
    return this.recorder;
  }

  #literal(float: boolean, value: number): Local {
    return float ? this.scope.f32(value) : this.scope.i32x4(value);
  }

  /** True for values that are best computed as a scalar and then copied into all lanes. */
  #isScalar(e: Expression): boolean {
    if (e.kind === "apply") return !!this.#scalarOperation(e);
    return e.kind === "variable" || e.kind === "affine" || e.kind === "checked";
  }

  #splat(e: Expression): Local {
    const value = this.scalar(e);
    const word = e.dtype === "bool" ? this.scope.op("i32.sub", [this.scope.i32(0), value]) : value;
    return this.scope.op("i32x4.splat", [word]);
  }

  #vectorSum(e: Affine): Local {
    const { scope } = this;
    const stride = this.stride(e);
    if (stride !== undefined) {
      const first = scope.op("i32x4.splat", [this.scalar(e)]);
      return scope.op("i32x4.add", [first, scope.i32x4(0, stride, 2 * stride, 3 * stride)]);
    }
    return e.terms.reduce((sum, [term, coefficient]) => {
      const value = this.vector(term);
      const product = coefficient === 1 ? value : scope.op("i32x4.mul", [value, scope.i32x4(coefficient)]);
      return scope.op("i32x4.add", [sum, product]);
    }, scope.i32x4(e.constant));
  }

  #load(e: Load): Local {
    const loaded = writeLoad(this, e);
    return e.dtype === "bool" ? this.scope.op("i32x4.ne", [loaded, this.scope.i32x4(0)]) : loaded;
  }

  #apply(e: Apply): Local {
    const types = { to: e.dtype, from: e.args.at(-1)!.dtype };
    const shift = uniformShifts[e.op];
    if (shift && !this.scope.facts(e.args[1]).varies) {
      return shift(this.scope, [this.vector(e.args[0]), this.scalar(e.args[1])], { ...types, from: e.args[0].dtype });
    }
    const constant = e.args[1]?.kind === "literal" && e.dtype !== "f32" ? e.args[1].value : 0;
    const divide = constant > 0 ? byConstant[e.op] : undefined;
    if (divide) return divide(this.scope, this.vector(e.args[0]), { divisor: constant, dtype: e.dtype });
    const limited = this.#limited(e);
    if (limited !== undefined) return limited;
    if (e.op === "shr") types.from = e.args[0].dtype;
    return vectorOperations[e.op].write(this.scope, e.args.map((arg) => this.vector(arg)), types);
  }

  /** A maximum or minimum of singles and a known number; undefined for other operations. */
  #limited(e: Apply): Local | undefined {
    const limit = e.dtype === "f32" ? limitedBy[e.op] : undefined;
    const at = e.args.findIndex((arg) => arg.kind === "literal" && !Number.isNaN(arg.value));
    const known = e.args[at];
    if (!limit || known?.kind !== "literal") return undefined;
    return limit(this.scope, this.vector(e.args[1 - at]), known.value);
  }
}
