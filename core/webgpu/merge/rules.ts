/**
 * How far kernels are merged on each class of device.
 *
 * @module
 */

import type { DeviceClass } from "../schedule/schedule.ts";

/** How far kernels are merged. */
export interface MergeRule {
  /** The most characters in the lines of a merged kernel, which must be compiled as a whole. */
  readonly mostText: number;
  /**
   * A kernel that moves more bytes than this is not merged with products. It waits for memory, for which it needs many
   * threads at a time, but a merged kernel has only as many as the registers of its products allow.
   */
  readonly mostStreamed: number;
  /**
   * The most lines that all threads together may skip for each dispatch that is saved. Software drivers execute both
   * sides of a condition, so there a skipped line takes as long as an executed one.
   */
  readonly mostSkipped: number;
}

/** The rules. */
export const mergeRules: Readonly<Record<DeviceClass, MergeRule>> = {
  hardware: { mostText: 2 ** 17, mostStreamed: 2 ** 23, mostSkipped: Infinity },
  software: { mostText: 2 ** 12, mostStreamed: 2 ** 23, mostSkipped: 1e5 },
};
