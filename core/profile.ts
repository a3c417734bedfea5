/**
 * Measures where the time of a compiled function goes.
 *
 * @module
 */

import { versionOf } from "./jit.ts";
import { count } from "./options/numbers.ts";
import type { Declaration } from "./options/option.ts";
import { readOptions } from "./options/read.ts";
import type { Profile } from "./profile/profile_record.ts";
import { materialize } from "./runtime.ts";
import { flattenTree } from "./tree.ts";

/** Options of {@linkcode profile}. */
export interface ProfileOptions {
  /** The number of steps to measure, after three that are not counted: at most 1000; default: 10. */
  readonly rounds?: number;
}

const profileOptions = {
  rounds: count({ most: 1000, default: 10, help: "steps to measure" }),
} satisfies Declaration<ProfileOptions>;

/**
 * Measures a compiled function kernel by kernel: milliseconds, rates, and their shares of the peaks of the device, which
 * are measured once per process. It runs the version for `args`, which is compiled now if necessary, on copies of them,
 * so nothing is donated. Without arguments it runs the version that was compiled last, on numbers between 0 and 1, and
 * zeros for whole numbers.
 *
 * Each round runs the whole function and then each kernel alone. On WebAssembly all of them run on the threads of the
 * device. On WebGPU the device's clock is used if the adapter has one that measures kernels (`timestamp-query`).
 *
 * @throws {TypeError} if `fn` was not made by `jit`, or if nothing was compiled yet and no arguments are given.
 *
 * @example
 * ```ts
 * import { jit, ones, profile, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = jit((x: Tensor, w: Tensor) => x.matmul(w).tanh(), { name: "layer" });
 * const { kernels } = await profile(layer, { rounds: 5 }, ones([40, 30]), ones([30, 20]));
 * assertEquals(kernels.map(({ name, kind }) => [name, kind]), [["dot+tanh", "product"]]);
 * ```
 */
export async function profile<A extends unknown[], R>(
  fn: (...args: A) => R,
  options?: ProfileOptions,
  ...args: A | []
): Promise<Profile> {
  const { rounds } = readOptions("profile a function", profileOptions, options);
  const { compiled } = versionOf(fn, ...args);
  const leaves = args.length > 0 ? flattenTree(args).leaves : undefined;
  const inputs = leaves?.map(({ node }) => materialize(node).attributes.storage);
  const { measureProfile } = await import("./profile/measure.ts");
  return await measureProfile({ compiled, inputs, rounds });
}
