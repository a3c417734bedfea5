/**
 * Activations: functions of one number, with parameters.
 *
 * @module
 */

import { expm1, log1p, type Tensor, where } from "../../../core/mod.ts";
import type { Operator, Operators } from "../operator.ts";
import { Unsupported } from "../unsupported.ts";
import { unary } from "./arithmetic.ts";

/** An activation with the two parameters that ONNX names alpha and beta. */
export interface Activation {
  readonly apply: (x: Tensor, alpha: number, beta: number) => Tensor;
  /** The default of alpha; absent if the activation has none. */
  readonly alpha?: number;
  readonly beta?: number;
}

const elu = (x: Tensor, alpha: number): Tensor => where(x.greater(0), x, expm1(x.minimum(0)).mul(alpha));

const leakyRelu = (x: Tensor, alpha: number): Tensor => where(x.less(0), x.mul(alpha), x);

/** max(x, 0) + log(1 + e^−|x|), which does not overflow. */
const softplus = (x: Tensor): Tensor => x.maximum(0).add(log1p(x.abs().neg().exp()));

const softsign = (x: Tensor): Tensor => x.div(x.abs().add(1));

const hardSigmoid = (x: Tensor, alpha: number, beta: number): Tensor => x.mul(alpha).add(beta).maximum(0).minimum(1);

const thresholdedRelu = (x: Tensor, alpha: number): Tensor => where(x.greater(alpha), x, 0);

/** The activations that recurrent operators may name. */
export const activationTable: Readonly<Record<string, Activation>> = {
  Relu: { apply: (x) => x.maximum(0) },
  Tanh: { apply: (x) => x.tanh() },
  Sigmoid: { apply: (x) => x.sigmoid() },
  Softsign: { apply: softsign },
  Softplus: { apply: softplus },
  LeakyRelu: { apply: leakyRelu, alpha: 0.01 },
  ThresholdedRelu: { apply: thresholdedRelu, alpha: 1 },
  Elu: { apply: elu, alpha: 1 },
  HardSigmoid: { apply: hardSigmoid, alpha: 0.2, beta: 0.5 },
  Affine: { apply: (x, alpha, beta) => x.mul(alpha).add(beta), alpha: 1, beta: 0 },
  ScaledTanh: { apply: (x, alpha, beta) => x.mul(beta).tanh().mul(alpha), alpha: 1, beta: 1 },
};

/** An activation as an operator. */
const standing = (name: string): Operator => (inputs, attributes) => {
  const { apply, alpha = 0, beta = 0 } = activationTable[name];
  return [apply(inputs.tensor(0), attributes.number("alpha", alpha), attributes.number("beta", beta))];
};

const selu: Operator = (inputs, attributes) => {
  const alpha = attributes.number("alpha", 1.67326319217681884765625);
  const gamma = attributes.number("gamma", 1.05070102214813232421875);
  return [elu(inputs.tensor(0), alpha).mul(gamma)];
};

const celu: Operator = (inputs, attributes) => {
  const alpha = attributes.number("alpha", 1);
  const x = inputs.tensor(0);
  return [x.maximum(0).add(expm1(x.minimum(0).div(alpha)).mul(alpha))];
};

const gelus: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  none: (x) => x.mul(x.mul(Math.SQRT1_2).erf().add(1)).mul(0.5),
  tanh: (x) => x.mul(x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI)).tanh().add(1)).mul(0.5),
};

const gelu: Operator = (inputs, attributes) => {
  const approximate = attributes.text("approximate", "none");
  if (!Object.hasOwn(gelus, approximate)) throw new Unsupported(`Gelu of approximation ${approximate}`);
  return [gelus[approximate](inputs.tensor(0))];
};

const shrink: Operator = (inputs, attributes) => {
  const [bias, lambda] = [attributes.number("bias", 0), attributes.number("lambd", 0.5)];
  const x = inputs.tensor(0);
  return [where(x.less(-lambda), x.add(bias), where(x.greater(lambda), x.sub(bias), 0)).cast(x.dtype)];
};

/** Before version 7 of the operators, a list of slopes belonged to the channels. */
const parametricRelu: Operator = (inputs, _, { opset }) => {
  const [x, slope] = [inputs.tensor(0), inputs.tensor(1)];
  const perChannel = opset < 7 && slope.shape.length === 1;
  const fitting = perChannel ? slope.reshape([-1, ...x.shape.slice(2).map(() => 1)]) : slope;
  return [where(x.less(0), x.mul(fitting), x)];
};

/** Operators by name. */
export const activations: Operators = {
  ...Object.fromEntries(
    ["Relu", "Tanh", "Sigmoid", "Softsign", "Softplus", "LeakyRelu", "ThresholdedRelu", "Elu", "HardSigmoid"]
      .map((name) => [name, standing(name)]),
  ),
  PRelu: parametricRelu,
  Selu: selu,
  Celu: celu,
  Gelu: gelu,
  HardSwish: unary((x) => x.mul(hardSigmoid(x, 1 / 6, 0.5))),
  Mish: unary((x) => x.mul(softplus(x).tanh())),
  Swish: (inputs, attributes) => [inputs.tensor(0).mul(inputs.tensor(0).mul(attributes.number("alpha", 1)).sigmoid())],
  Shrink: shrink,
};
