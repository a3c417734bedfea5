/**
 * Records the texts of `tests/golden/texts/` anew: `deno task record` all of them, `deno task record NAME …` some.
 *
 * @module
 */

import { helpRecording, searchRecording, trainingRecording } from "./command_line.ts";
import { record } from "./recording.ts";

const recordings = [helpRecording, trainingRecording, searchRecording];

if (import.meta.main) {
  for (const recording of recordings) {
    if (Deno.args.length > 0 && !Deno.args.includes(recording.name)) continue;
    await record(recording);
    console.info(`recorded ${recording.name}`);
  }
}
