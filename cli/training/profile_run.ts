/**
 * The profile of a training step from the command line: `--profile`.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import { profile } from "../../core/profile.ts";
import { showProfile } from "../../core/profile/show_profile.ts";
import { writeAtomically } from "../../model/files/atomic.ts";
import { Model } from "../../model/model.ts";
import { checkTrainable } from "../check_fit.ts";
import type { Context } from "../command.ts";
import { chooseDevice } from "../device_line.ts";
import type { Ending } from "../errors.ts";
import { checkJson } from "../files/check_writable.ts";
import { jsonLine } from "../json_lines.ts";
import { dataLine, loadForPeople } from "../load_data.ts";
import type { TrainingRequest } from "./request.ts";

/** A training, and where the profile is written, if it is. */
export interface ProfileRequest extends TrainingRequest {
  readonly profile: string | true;
}

/** Measures the kernels of a training step, and trains nothing. */
export async function runProfile(request: ProfileRequest, context: Context): Promise<Ending> {
  const { choice: { network, parts }, json, quiet, profile: file } = request;
  const { output, signal } = context;
  const note = quiet ? () => {} : (line: string) => output.note(`${line}\n`);
  if (typeof file === "string") checkJson(file);
  const loaded = await loadForPeople(request, { output, note, quiet, signal });
  checkTrainable(new Model(parts), loaded.data, { ...request, metrics: [], monitor: undefined });
  note(await chooseDevice(request));
  note(dataLine(loaded));
  const measured = await profile(await new Model({ ...parts, data: loaded.data }).trainingStep());
  output.result(json ? jsonLine("profile", { network, ...measured }) : showProfile(measured));
  if (typeof file === "string") {
    writeAtomically(file, [new TextEncoder().encode(`${JSON.stringify(measured, null, 2)}\n`)]);
    note(inOneLine(`Profile written to ${file}`));
  }
  return "ok";
}
