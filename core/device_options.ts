/**
 * The options of devices that compute on the CPU.
 *
 * @module
 */

import { count } from "./options/numbers.ts";
import type { Declaration } from "./options/option.ts";
import { flag } from "./options/values.ts";

/** Options of devices that compute on the CPU. */
export interface DeviceOptions {
  /**
   * The number of threads, including the calling one; default: one per processor that this process may use. Results do
   * not depend on it.
   */
  readonly threads?: number | undefined;
  /**
   * Whether products of matrices may be computed by machine code, which requires the permission `ffi` of Deno; default:
   * true. The results are the same, bit for bit.
   */
  readonly native?: boolean | undefined;
}

/** The most threads; more than any processor has would only take memory. */
const MOST_THREADS = 1024;

/** Their declaration. */
export const cpuOptions = {
  threads: count({
    most: MOST_THREADS,
    otherwise: "one per processor",
    help: "compute with N threads on the CPU",
  }),
  native: flag({ default: true, help: "compute products by machine code if FFI is permitted" }),
} satisfies Declaration<DeviceOptions>;

/** Returns the names of the options that are given. */
export function givenOptions(options: DeviceOptions): (keyof DeviceOptions)[] {
  const names: readonly (keyof DeviceOptions)[] = ["threads", "native"];
  return names.filter((name) => options[name] !== undefined);
}
