/**
 * The processes that train the example networks, with all numbers of threads.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

/** What a process trains, and on which device. */
export interface HashOptions {
  readonly device: "wasm" | "webgpu";
  /** The number of threads that compute. */
  readonly threads: number;
  /** Whether products may be computed by machine code. */
  readonly native: boolean;
  /** The number of steps of each training, a multiple of 10. */
  readonly steps: number;
  /** The seed of the trainings. */
  readonly seed: number;
  readonly networks: readonly string[];
}

/** The SHA-256 of the weights of a network after its last step, state included. */
export interface NetworkHash {
  readonly network: string;
  readonly hash: string;
}

/** A device, its number of threads, and whether it may use machine code. */
export type Computer = Pick<HashOptions, "device" | "threads" | "native">;

const threadCounts = [1, 2, 3, 8];

/** One process of this many is on WebGPU, if there is an adapter. */
const WEBGPU_EVERY = 5;

/**
 * The devices and numbers of threads of some processes: each number in turn, most of them on WebAssembly, and of these
 * every other round with machine code.
 */
export function computersOf(count: number, devices: readonly HashOptions["device"][]): Computer[] {
  const number = { wasm: 0, webgpu: 0 };
  return Array.from({ length: count }, (_, i) => {
    const device = devices.includes("webgpu") && i % WEBGPU_EVERY === WEBGPU_EVERY - 1 ? "webgpu" : "wasm";
    const turn = number[device]++;
    const isOddRound = Math.floor(turn / threadCounts.length) % 2 === 1;
    return { device, threads: threadCounts[turn % threadCounts.length], native: device === "wasm" && isOddRound };
  });
}

/** Trains networks in a process of its own. */
export async function hashesBy(options: HashOptions): Promise<Map<string, string>> {
  const program = fromFileUrl(import.meta.resolve("./network_hashes.ts"));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program, JSON.stringify(options)],
    // Mesa's software adapter computes on this many threads.
    env: { LP_NUM_THREADS: String(options.threads) },
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot train on ${options.device}: ${text.decode(stderr)}`);
  const lines: NetworkHash[] = text.decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
  return new Map(lines.map(({ network, hash }) => [network, hash]));
}
