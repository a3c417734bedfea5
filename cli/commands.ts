/**
 * All commands, in the order in which the help shows them.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { runsCommand } from "./commands/runs.ts";
import { searchCommand } from "./commands/search.ts";
import { trainCommand } from "./commands/train.ts";

export { trainCommand };

/** All commands; the first one is meant where none is named. */
export const commands: readonly Command[] = [trainCommand, searchCommand, runsCommand, doctorCommand];
