/**
 * Objectives, metrics and update rules.
 *
 * @module
 */

export * from "./aliases.ts";
export * from "./metrics.ts";
export * from "./objectives.ts";
export type { Schedule, UpdateRule, UpdateState } from "./update_rule.ts";
export * from "./updates.ts";
