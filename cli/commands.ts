/**
 * All commands, in the order in which the help shows them.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { exportCommand } from "./commands/export.ts";
import { predictCommand } from "./commands/predict.ts";
import { runsCommand } from "./commands/runs.ts";
import { searchCommand } from "./commands/search.ts";
import { trainCommand } from "./commands/train.ts";

export { trainCommand };

/** All commands; the first one is the default. */
export const commands: readonly Command[] = [
  trainCommand,
  evaluateCommand,
  predictCommand,
  searchCommand,
  runsCommand,
  exportCommand,
  doctorCommand,
];
