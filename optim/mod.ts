/**
 * Objectives, metrics, update rules and learning rate schedules.
 *
 * @module
 */

export * from "./adam.ts";
export * from "./adaptive.ts";
export * from "./aliases.ts";
export * from "./clipping.ts";
export * from "./get_update.ts";
export * from "./metrics.ts";
export * from "./objectives.ts";
export * from "./schedules.ts";
export type { Schedule, UpdateRule, UpdateState } from "./update_rule.ts";
export * from "./updates.ts";
