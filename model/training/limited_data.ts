/**
 * The first examples of sets, for trainings that only try something.
 *
 * @module
 */

import type { NamedData } from "../../data/data.ts";
import type { Assembly } from "./assembly.ts";
import { makePrograms } from "./programs.ts";

/** What a training that only tries something is limited to. */
export interface Limits extends Pick<NamedData, "training" | "validation" | "test"> {
  readonly nEpochs: number;
}

/**
 * The same training on fewer examples. What it computes is chosen by all of them: a few targets may look like others, such
 * as classes.
 */
export function limitAssembly(assembly: Assembly, { nEpochs, ...sets }: Limits): Assembly {
  const { data, programs, settings } = assembly;
  const limited = makePrograms(programs.task, sets.training.length);
  return {
    ...assembly,
    data: { ...data, ...sets },
    programs: limited,
    settings: { ...settings, nEpochs },
    [Symbol.dispose]: () => {
      limited[Symbol.dispose]();
      assembly[Symbol.dispose]();
    },
  };
}
