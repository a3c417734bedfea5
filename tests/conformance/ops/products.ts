/**
 * Matrix products.
 *
 * @module
 */

import type { Tensor } from "../../../core/mod.ts";
import type { Inputs, Operator, Operators } from "../operator.ts";

/** A product with the elements of its factors: integers are multiplied as f32, exactly below 2²⁴. */
function multiply(a: Tensor, b: Tensor): Tensor {
  return a.matmul(b).cast(a.dtype);
}

/** α · A' · B' + β · C, where a prime may transpose. */
const gemm: Operator = (inputs, attributes) => {
  const turned = (x: Tensor, attribute: string): Tensor => attributes.flag(attribute) ? x.transpose() : x;
  const product = turned(inputs.tensor(0), "transA").matmul(turned(inputs.tensor(1), "transB"));
  const scaled = product.mul(attributes.number("alpha", 1));
  const bias = inputs.optional(2);
  return [(bias ? scaled.add(bias.mul(attributes.number("beta", 1))) : scaled).cast(inputs.tensor(0).dtype)];
};

/** An integer tensor without its zero point, as f32, which holds whole numbers exactly below 2²⁴. */
export function centred(inputs: Inputs, position: number, zeroPoint: number): Tensor {
  const x = inputs.tensor(position).cast("f32");
  const zero = inputs.optional(zeroPoint)?.cast("f32");
  return zero ? x.sub(zero.shape.length === 1 && zero.shape[0] > 1 ? zero.expandDims(-1) : zero) : x;
}

/** Operators by name. */
export const products: Operators = {
  MatMul: (inputs) => [multiply(inputs.tensor(0), inputs.tensor(1))],
  Gemm: gemm,
  MatMulInteger: (inputs) => [centred(inputs, 0, 2).matmul(centred(inputs, 1, 3)).cast("i32")],
};
