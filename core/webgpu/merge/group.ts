/**
 * Decides which kernels that do not wait for each other become one.
 *
 * @module
 */

import type { LoweredKernel } from "../lower.ts";
import { type Member, memoryBytes, shareFrame } from "./frame.ts";
import type { MergeRule } from "./rules.ts";

/** What a device allows a kernel to use. */
export interface KernelLimits {
  /** The most buffers. */
  readonly maxSlots: number;
  /** The most bytes of workgroup memory. */
  readonly maxMemory: number;
}

/** A kernel, and the program's buffer of each of its slots. */
export interface LoweredLaunch {
  readonly kernel: LoweredKernel;
  readonly buffers: readonly number[];
}

/** The most bodies of a kernel. Each is a condition inside of the one before, of which compilers allow about a hundred. */
const mostMembers = 32;

/** The most loop counters of a kernel, which are uniform buffers with dynamic offsets. */
const mostCounters = 8;

/** How far kernels are merged, and what the device allows. */
export interface GroupOptions extends KernelLimits {
  readonly merging: MergeRule;
}

/**
 * The kernels that become one, for each of them. Those with the longest workgroups are first, because workgroups begin
 * in this order.
 */
export function groupLaunches(launches: readonly LoweredLaunch[], options: GroupOptions): Member[][] {
  const groups: Member[][] = [];
  let left = launches;
  while (left.length > 0) {
    const together = mostAlike(left, options);
    left = left.filter((one) => !together.launches.includes(one));
    groups.push(...packed(together, options));
  }
  return groups;
}

/** Launches that may have `lanes` threads in a workgroup. */
interface Together {
  readonly lanes: number;
  readonly launches: readonly LoweredLaunch[];
}

/** The number of lanes that fits most of the launches, and those; of several numbers, that of the most costly one. */
function mostAlike(launches: readonly LoweredLaunch[], { merging }: GroupOptions): Together {
  const byCost = launches.toSorted((a, b) => workOf(b) - workOf(a));
  const choices = byCost.map(({ kernel: { body: { lanes } } }) => ({
    lanes,
    launches: fitting(launches, lanes, merging),
  }));
  return choices.reduce((best, one) => one.launches.length > best.launches.length ? one : best);
}

/** The launches that may be merged with `lanes` threads in a workgroup. */
function fitting(launches: readonly LoweredLaunch[], lanes: number, { mostStreamed }: MergeRule): LoweredLaunch[] {
  const all = launches.filter(({ kernel }) => kernel.fits(lanes));
  const multiplies = ({ kernel: { kind } }: LoweredLaunch): boolean => kind === "tile" || kind === "persistent";
  if (!all.some(multiplies)) return all;
  return all.filter((one) => multiplies(one) || one.kernel.cost.bytes <= mostStreamed);
}

/** Puts each launch into the first group that has enough left of everything. */
function packed({ lanes, launches }: Together, options: GroupOptions): Member[][] {
  const groups: { members: Member[]; readonly launches: LoweredLaunch[] }[] = [];
  for (const launch of launches.toSorted((a, b) => lengthOf(b) - lengthOf(a))) {
    const member = memberOf(launch, lanes);
    const group = groups.find(({ members }) => isWithin([...members, member], options));
    group?.members.push(member);
    group?.launches.push(launch);
    if (!group) groups.push({ members: [member], launches: [launch] });
  }
  return groups.map(({ members, launches }) => {
    const most = Math.max(...launches.map(({ kernel }) => kernel.body.lanes));
    if (most === lanes || !launches.every(({ kernel }) => kernel.fits(most))) return members;
    const resized = launches.map((launch) => memberOf(launch, most));
    return resized.length === 1 || isWithin(resized, options) ? resized : members;
  });
}

const memberOf = ({ kernel, buffers }: LoweredLaunch, lanes: number): Member => ({
  body: kernel.resized(lanes),
  buffers,
});

const workOf = ({ kernel: { cost } }: LoweredLaunch): number => cost.operations + cost.bytes;

/** How long a workgroup takes, in operations and bytes. */
const lengthOf = (launch: LoweredLaunch): number => workOf(launch) / launch.kernel.body.groups;

const charactersOf = (members: readonly Member[]): number =>
  members.reduce((sum, { body }) => sum + body.lines.reduce((length, line) => length + line.length, 0), 0);

/** The lines that threads skip because they belong to other members. */
function skippedBy(members: readonly Member[]): number {
  const lines = members.reduce((sum, { body }) => sum + body.lines.length, 0);
  return members.reduce((sum, { body }) => sum + body.groups * body.lanes * (lines - body.lines.length), 0);
}

function isWithin(members: readonly Member[], { merging, maxSlots, maxMemory }: GroupOptions): boolean {
  if (members.length > mostMembers || charactersOf(members) > merging.mostText) return false;
  if (skippedBy(members) > merging.mostSkipped * (members.length - 1)) return false;
  const { slots, checksIndices, counters, memory } = shareFrame(members);
  return slots.length + Number(checksIndices) <= maxSlots && counters.length <= mostCounters &&
    memoryBytes(memory) <= maxMemory;
}
