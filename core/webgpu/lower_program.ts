/**
 * Lowers a program to the kernels that compute it, in the order in which they are launched.
 *
 * @module
 */

import type { Variable } from "../nest/expression.ts";
import { type Cost, costOfSteps } from "../nest/cost.ts";
import { launchOrder } from "../nest/launch_order.ts";
import type { LaunchStep } from "../nest/launches.ts";
import type { Slot } from "../nest/nest.ts";
import type { NestStep, Program, ProgramStep } from "../nest/program.ts";
import { sideBySide } from "../nest/side_by_side.ts";
import { type LoweredKernel, type LoweredNest, lowerNest } from "./lower.ts";
import { groupLaunches, type KernelLimits, type LoweredLaunch } from "./merge/group.ts";
import { type BoundKernel, mergeMembers } from "./merge/merge.ts";
import type { MergeRule } from "./merge/rules.ts";
import { lowerLoop, type PersistentLoop } from "./persistent/lower_loop.ts";
import { withStarts } from "./persistent/starts.ts";
import type { Scheduler } from "./schedule/schedule.ts";

/** One launch, or launches that are repeated for each value of a counter. */
export type Step<Launch> = { readonly kind: "launch"; readonly launch: Launch } | Repeated<Launch>;

/** Steps that are repeated for each value of a counter. */
export interface Repeated<Launch> {
  readonly kind: "loop";
  readonly counter: Variable;
  readonly steps: readonly Step<Launch>[];
}

/** The kernels of a program. */
export interface LoweredProgram {
  readonly steps: readonly Step<BoundKernel>[];
  /** The bytes of each scratch buffer. Their numbers follow those of the program's buffers. */
  readonly scratches: readonly number[];
  /** What is launched, with the scratch memory and the record of indices as buffers after those of the program. */
  readonly launches: readonly LaunchStep[];
}

/** How a program is lowered. */
export interface LowerOptions extends KernelLimits {
  readonly scheduler: Scheduler;
  /** How far kernels that do not wait for each other become one (default: not at all). */
  readonly merging?: MergeRule | undefined;
}

/**
 * The most scratch buffers of a program. Nests that are computed by two kernels take turns with them, since nests with
 * the same one must wait for each other.
 */
const mostScratches = 4;

/** Writes the kernels of a program. */
export function lowerProgram(program: Program, options: LowerOptions): LoweredProgram {
  const nests = new NestLowering(program, options);
  const single = nests.steps(program.steps);
  const record = program.buffers.length + nests.scratches.length;
  const usesOf = ({ kernel, buffers }: LoweredLaunch): Uses => ({ ...kernel.body, buffers, record });
  const steps = merged(inOrder(single, usesOf), usesOf, options);
  const launches = launchSteps(steps, ({ kernel, buffers }) => ({ ...kernel, buffers, record }));
  return { steps, scratches: nests.scratches, launches };
}

/** Lowers the nests of a program. */
class NestLowering {
  /** The bytes of each scratch buffer. */
  readonly scratches: number[] = [];
  #splitNests = 0;

  constructor(readonly program: Program, readonly options: LowerOptions) {}

  steps(steps: readonly ProgramStep[], scheduler: Scheduler = this.options.scheduler): Step<LoweredLaunch>[] {
    return withStarts(steps).flatMap((step): Step<LoweredLaunch>[] => {
      if (step.kind === "nest") return this.#nest(step, scheduler);
      const { starts, loop } = step;
      const lowered = lowerLoop(step, { scheduler, maxSlots: this.options.maxSlots });
      if (lowered.kind === "persistent") return this.#loop(lowered, costOfSteps([...starts, loop]), scheduler);
      const turns = this.steps(loop.steps, lowered.scheduler);
      return [...this.steps(starts, scheduler), { kind: "loop", counter: loop.counter, steps: turns }];
    });
  }

  #nest({ nest, buffers }: Pick<NestStep, "nest" | "buffers">, scheduler: Scheduler): Step<LoweredLaunch>[] {
    const lowered = lowerNest(nest, scheduler, this.options.maxSlots);
    const numbers = [...buffers, this.#scratchFor(lowered)];
    return lowered.kernels.filter(({ body }) => body.groups > 0).map((kernel) => launchOf(kernel, numbers));
  }

  /** A loop that is one kernel, after the nests that run before it. */
  #loop({ starts, before, body, buffers }: PersistentLoop, cost: Cost, scheduler: Scheduler): Step<LoweredLaunch>[] {
    const scratches = before.map((one) => this.#scratchFor(one));
    const fits = (lanes: number): boolean => lanes === body.lanes;
    const kernel: LoweredKernel = { body, kind: "persistent", cost, fits, resized: () => body };
    return [
      ...this.steps(starts, scheduler),
      ...before.flatMap(({ nest, buffer }, i) => this.#nest({ nest, buffers: [buffer, scratches[i]] }, scheduler)),
      launchOf(kernel, [...buffers, ...scratches]),
    ];
  }

  /** The number of the scratch buffer that the kernels of a nest use, if they use any. */
  #scratchFor({ scratchBytes }: Pick<LoweredNest, "scratchBytes">): number {
    if (scratchBytes === 0) return -1;
    const scratch = this.#splitNests++ % mostScratches;
    this.scratches[scratch] = Math.max(scratchBytes, this.scratches[scratch] ?? 0);
    return this.program.buffers.length + scratch;
  }
}

/** The launch of a kernel with the program's buffers of these numbers, of which it uses one for each slot. */
function launchOf(kernel: LoweredKernel, numbers: readonly number[]): Step<LoweredLaunch> {
  return { kind: "launch", launch: { kernel, buffers: kernel.body.slots.map((_, slot) => numbers[slot]) } };
}

/** What a launch uses. */
interface Uses {
  readonly slots: readonly Pick<Slot, "access">[];
  readonly buffers: readonly number[];
  readonly checksIndices: boolean;
  /** The number of the record of indices. */
  readonly record: number;
}

type UsesOf<Launch> = (launch: Launch) => Uses;

function launchSteps<Launch>(steps: readonly Step<Launch>[], usesOf: UsesOf<Launch>): LaunchStep[] {
  return steps.map((step): LaunchStep => {
    if (step.kind === "loop") {
      return { kind: "loop", turns: step.counter.extent, steps: launchSteps(step.steps, usesOf) };
    }
    const { slots, buffers, checksIndices, record } = usesOf(step.launch);
    if (!checksIndices) return { kind: "launch", slots, buffers };
    return { kind: "launch", slots: [...slots, { access: "readwrite" }], buffers: [...buffers, record] };
  });
}

/** The steps in an order that needs few barriers. */
function inOrder<Launch>(steps: readonly Step<Launch>[], usesOf: UsesOf<Launch>): Step<Launch>[] {
  const inside = steps.map((one) => one.kind === "launch" ? one : { ...one, steps: inOrder(one.steps, usesOf) });
  return launchOrder(launchSteps(inside, usesOf)).map((step) => inside[step]);
}

/** The steps with one kernel for launches that do not wait for each other, as far as the limits allow. */
function merged(
  steps: readonly Step<LoweredLaunch>[],
  usesOf: UsesOf<LoweredLaunch>,
  options: LowerOptions,
): Step<BoundKernel>[] {
  const { merging } = options;
  return sideBySide(launchSteps(steps, usesOf)).flatMap((run): Step<BoundKernel>[] => {
    const launches: LoweredLaunch[] = [];
    for (const number of run) {
      const step = steps[number];
      if (step.kind === "loop") return [{ ...step, steps: merged(step.steps, usesOf, options) }];
      launches.push(step.launch);
    }
    const groups = merging
      ? groupLaunches(launches, { ...options, merging })
      : launches.map(({ kernel: { body }, buffers }) => [{ body, buffers }]);
    return groups.map((group) => ({ kind: "launch", launch: mergeMembers(group) }));
  });
}
