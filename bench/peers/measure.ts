/**
 * Interleaved measurements: one round of this package, one of each other framework, and again.
 *
 * @module
 */

import type { Peer, PeerWorkload } from "./peer.ts";
import type { Row, Workload } from "./workload.ts";

/** Milliseconds of some rounds: the median of the rounds' medians, and the fastest and the slowest of these. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The measurement of another framework. */
export interface PeerResult {
  readonly peer: string;
  readonly variant: string;
  readonly milliseconds: Spread;
  /** How many times faster this package is: the median of the rounds. */
  readonly speedup: number;
}

/** The measurement of a row. */
export interface RowResult {
  readonly row: string;
  readonly title: string;
  readonly milliseconds: Spread;
  readonly peers: readonly PeerResult[];
}

/** How long to measure. */
export interface Rounds {
  /** The number of rounds. */
  readonly rounds: number;
  /** Milliseconds of a round; at least 3 calls are measured. */
  readonly roundMilliseconds: number;
}

/** Returns the median of numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

async function timeCalls(call: () => Promise<void>, count: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times;
}

/** Numbers that both sides compute before they are measured. */
const VALUES = 4;

/** @throws {Error} if the sides do not compute the same. */
function checkSame(row: Row, ours: { parameters: number; values: readonly number[] }, peer: PeerWorkload): void {
  const { tolerance = 0.001 } = row;
  const differs = ours.values.some((value, i) => !(Math.abs(value - peer.values[i]) <= tolerance * Math.abs(value)));
  if (!differs && ours.parameters === peer.parameters) return;
  const show = ({ parameters, values }: typeof ours): string => `${values.join(", ")} with ${parameters} parameters`;
  throw new Error(`Cannot compare ${row.name}: expected equal results, got ${show(ours)} and ${show(peer)}`);
}

/** Opens the row in each framework that has it, and checks that it computes the same. */
async function openPeers(row: Row, workload: Workload, peers: readonly Peer[]) {
  const { parameters } = workload;
  const opened: { readonly name: string; readonly workload: PeerWorkload }[] = [];
  const values = await workload.values(VALUES);
  for (const peer of peers) {
    const theirs = await peer.open(row.name, workload);
    if (!theirs) continue;
    checkSame(row, { parameters, values }, theirs);
    opened.push({ name: peer.name, workload: theirs });
  }
  return opened;
}

/** Measures a row. */
export async function measureRow(row: Row, peers: readonly Peer[], rounds: Rounds): Promise<RowResult> {
  const workload = row.open();
  const opened = await openPeers(row, workload, peers);
  const warm = median(await timeCalls(workload.call, 3));
  const calls = Math.min(200, Math.max(3, Math.ceil(rounds.roundMilliseconds / warm)));
  const ours: number[] = [];
  const theirs = opened.map((): number[] => []);
  for (let round = -1; round < rounds.rounds; round++) {
    const own = median(await timeCalls(workload.call, calls));
    const others: number[] = [];
    for (const { workload } of opened) others.push(median(await workload.round(calls)));
    if (round < 0) continue; // it only warms up
    ours.push(own);
    others.forEach((one, i) => theirs[i].push(one));
  }
  for (const { workload } of opened) await workload.close();
  const results = opened.map(({ name, workload: { variant } }, i): PeerResult => ({
    ...{ peer: name, variant, milliseconds: spreadOf(theirs[i]) },
    speedup: median(theirs[i].map((one, round) => one / ours[round])),
  }));
  return { row: row.name, title: row.title, milliseconds: spreadOf(ours), peers: results };
}
