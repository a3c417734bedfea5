/**
 * The suites of the proof.
 *
 * @module
 */

import type { Suite } from "./suite.ts";

/** How each suite is loaded, by name, in the order in which they run and stand in docs/accuracy.md. */
export const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  oracle: async () => (await import("./oracle/suite.ts")).oracle,
  programs: async () => (await import("./programs/suite.ts")).programs,
  determinism: async () => (await import("./determinism/suite.ts")).determinism,
  shapes: async () => (await import("./shapes/suite.ts")).shapes,
  hostile: async () => (await import("./hostile/suite.ts")).hostile,
  interrupts: async () => (await import("./interrupts/suite.ts")).interrupts,
  endurance: async () => (await import("./endurance/suite.ts")).endurance,
  mutants: async () => (await import("./mutants/suite.ts")).mutants,
};
