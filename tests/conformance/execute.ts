/**
 * Runs a case on the chosen device.
 *
 * @module
 */

import { jit, type Tensor, tensor } from "../../core/mod.ts";
import type { Case } from "./case.ts";
import { compare, type Comparison } from "./compare.ts";
import { type CaseFacts, Inputs } from "./operator.ts";
import type { Operand } from "./operand.ts";
import { operators } from "./ops/mod.ts";
import { Unsupported } from "./unsupported.ts";

/** The result of a case. */
export interface Outcome {
  readonly verdict: "ok" | "FAIL" | "skip";
  /** The greatest distance of an element from the expected one; NaN if nothing could be compared. */
  readonly error: number;
  /** Why it failed or was skipped. */
  readonly reason?: string;
}

function tensorOf({ values, shape, dtype }: Operand): Tensor {
  return tensor(values, shape, { dtype });
}

function factsOf({ opset = Infinity, outputs, attributes, operands }: Case): CaseFacts {
  return {
    opset,
    outputs: outputs.length,
    attributeTensor(name) {
      const operand = operands.get(attributes.tensorName(name) ?? "");
      return operand && tensorOf(operand);
    },
  };
}

/** The outputs of a case, computed by one compiled function. */
function compute(one: Case): Tensor[] {
  if (!Object.hasOwn(operators, one.op)) throw new Unsupported(`operator ${one.op}`);
  const operator = operators[one.op];
  const passed = [...new Set(one.inputs.filter((operand) => operand?.exact))] as Operand[];
  const run = jit((tensors: Tensor[]): Tensor[] => {
    const inputs = new Inputs(one.inputs, new Map(passed.map((operand, i) => [operand, tensors[i]])));
    const outputs = operator(inputs, one.attributes, factsOf(one));
    return one.outputs.flatMap((expected, i) => {
      if (!expected) return [];
      const output = outputs[i];
      if (!output) throw new Unsupported(`output ${i} of ${one.op}`);
      return [output];
    });
  }, { name: one.name });
  return run(passed.map(tensorOf));
}

async function compareAll(one: Case): Promise<Comparison> {
  const expected = one.outputs.filter((operand) => operand !== undefined);
  const wide = expected.find(({ exact }) => !exact);
  if (wide) throw new Unsupported(`integers of ${wide.name} that need more than 32 bits`);
  let worst: Comparison = { error: 0 };
  for (const [i, output] of compute(one).entries()) {
    const { shape, dtype } = output;
    const next = compare({ shape, dtype, values: await output.data() }, expected[i], one);
    const fault = worst.fault ?? next.fault;
    const error = next.error <= worst.error ? worst.error : next.error;
    worst = fault === undefined ? { error } : { error, fault };
  }
  return worst;
}

/** Runs a case on the chosen device. Never throws: a case that cannot be run fails, one that is not supported is skipped. */
export async function execute(one: Case): Promise<Outcome> {
  try {
    const { error, fault } = await compareAll(one);
    return fault === undefined ? { verdict: "ok", error } : { verdict: "FAIL", error, reason: fault };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { verdict: error instanceof Unsupported ? "skip" : "FAIL", error: NaN, reason };
  }
}
