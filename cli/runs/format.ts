/**
 * The format number of run folders.
 *
 * @module
 */

import type { FileFormat } from "../../model/files/format.ts";
import { JSON_VERSION } from "../../views/events/json_record.ts";

/**
 * The formats of run folders: of the lines of `events.jsonl`, and of `report.json`. Each of them has the number as
 * `version`. A resumed run may have lines of several formats. `model.ym` has its own number.
 */
export const RUN_FORMAT: FileFormat = { kind: "a run", number: JSON_VERSION, readable: [1] };
