/**
 * Tests of programs for which something once did not hold.
 *
 * @module
 */

import { type DType, hostArray } from "../../../core/dtype.ts";
import { sizeOf } from "../../../core/shape.ts";
import { testOnEveryDevice } from "../../on_every_device.ts";
import { type Argument, type Computation, graphOf } from "../../oracle.ts";
import { hold } from "./hold.ts";
import { openVariants } from "./variants.ts";

/** An argument whose elements are all one number, or listed. */
export function given(dtype: DType, shape: readonly number[], values: number | readonly number[]): Argument {
  const array = hostArray(dtype, sizeOf(shape));
  if (typeof values === "number") array.fill(values);
  else array.set(values);
  return { dtype, shape, values: Float64Array.from(array) };
}

/** Registers a test on every device that everything holds for a function and its arguments. */
export function found(name: string, fn: Computation, inputs: readonly Argument[]): void {
  testOnEveryDevice(name, async (kind) => {
    const variants = await openVariants([kind]);
    await hold({ graph: graphOf(fn, inputs), inputs }, {
      devices: [kind],
      variants,
      eagerEverywhere: true,
      strict: true,
    });
    for (const { backend } of variants) await backend.close();
  });
}
