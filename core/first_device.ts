/**
 * The device that the package itself brings along. In Deno there is none: the entry that computes registers
 * WebAssembly, and other entries load no device. The script that makes the package for npm replaces this module by one
 * that names WebAssembly, because bundlers drop modules that are imported for their effect only.
 *
 * @module
 */

import type { Backend } from "./backend.ts";
import type { DeviceOptions } from "./device_options.ts";

/** Opens the default device without waiting; undefined if its code is loaded later. */
export const openFirst: ((options?: DeviceOptions) => Backend) | undefined = undefined;
