/**
 * Other frameworks that run the workloads.
 *
 * @module
 */

import type { TensorEntries } from "../../model/mod.ts";
import type { Workload } from "./workload.ts";

/** A workload as the other framework has prepared it. */
export interface PeerWorkload {
  /** The first numbers that it computed. */
  readonly values: readonly number[];
  /** The number of learned parameters. */
  readonly parameters: number;
  /** How it is computed, such as the memory layout that was fastest. */
  readonly variant: string;
  /** Computes some times, and returns the milliseconds of each. */
  round(calls: number): Promise<readonly number[]>;
  /** Drops the workload. */
  close(): Promise<void>;
}

/** Another framework. */
export interface Peer {
  /** Its name and version. */
  readonly name: string;
  /** Prepares the workload of a row, or returns nothing if it does not have it. */
  open(row: string, workload: Workload): Promise<PeerWorkload | undefined>;
  /** Ends it. */
  close(): Promise<void>;
}

/** Tensors in a file, for as long as `use` runs. */
export async function inFile<T>(
  tensors: TensorEntries,
  encode: (tensors: TensorEntries) => Uint8Array<ArrayBuffer>[],
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = await Deno.makeTempFile({ prefix: "peer", suffix: ".safetensors" });
  try {
    await Deno.writeFile(file, new Blob(encode(tensors)).stream());
    return await use(file);
  } finally {
    await Deno.remove(file);
  }
}
