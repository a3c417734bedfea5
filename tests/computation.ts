/**
 * All checks of a computation, in one call.
 *
 * @module
 */

import { testOnEveryDevice } from "./on_every_device.ts";
import { type Argument, assertDevice, assertGradient, assertPlan, type Computation, type Tolerance } from "./oracle.ts";

/** What {@linkcode testComputation} checks in addition to values and the plan. */
export interface ComputationOptions extends Tolerance {
  /** The highest order of gradients that are checked (default: 2). */
  readonly order?: 0 | 1 | 2;
}

/**
 * Registers tests: every device and the plan compute the same as the interpreter, and the gradients are the slopes of
 * the interpreter.
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
