/**
 * Everything that must hold of a computation, in one call.
 *
 * @module
 */

import { testOnEveryDevice } from "./on_every_device.ts";
import { type Argument, assertDevice, assertGradient, assertPlan, type Computation, type Tolerance } from "./oracle.ts";

/** What {@linkcode testComputation} checks besides values and the plan. */
export interface ComputationOptions extends Tolerance {
  /** How often the gradient is checked; 2 where not given. */
  readonly order?: 0 | 1 | 2;
}

/**
 * Registers tests: every device computes what the interpreter does, the plan means what the graph does, and the gradients
 * are the slopes of the interpreter.
 *
 * @param name A sentence.
 */
export function testComputation(
  name: string,
  fn: Computation,
  inputs: readonly Argument[],
  { order = 2, tolerance = 1e-4 }: ComputationOptions = {},
): void {
  testOnEveryDevice(name, () => assertDevice(fn, inputs, name, { tolerance }));
  Deno.test(`${name} [plan]`, async () => {
    await assertPlan(fn, inputs, name);
  });
  if (order > 0) Deno.test(`${name} [gradient]`, () => assertGradient(fn, inputs, name, { order }));
}
