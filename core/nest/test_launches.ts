/**
 * Launches for tests.
 *
 * @module
 */

import type { Launch, LaunchStep } from "./launches.ts";
import type { Access } from "./nest.ts";

/** A launch that reads, writes, or reads and writes buffers: `launch({ read: [0], write: [1] })`. */
export function launch(uses: Partial<Record<Access, readonly number[]>>): Launch {
  const all = (["read", "write", "readwrite"] as const).flatMap((access) =>
    (uses[access] ?? []).map((buffer) => ({ access, buffer }))
  );
  return { kind: "launch", slots: all, buffers: all.map(({ buffer }) => buffer) };
}

/** Launches that are repeated. */
export function loop(turns: number, ...steps: readonly LaunchStep[]): LaunchStep {
  return { kind: "loop", turns, steps };
}
