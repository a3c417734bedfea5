/**
 * Records the texts of `tests/golden/texts/` and the digests of pictures anew: `deno task record` all of them, `deno task record NAME …` some.
 *
 * @module
 */

import { coreRecording } from "./core_results.ts";
import { dataCallRecording, layerCallRecording } from "./call_results.ts";
import { gpuRecording } from "./gpu_calls.ts";
import { helpRecording, searchRecording, trainingRecording } from "./command_line.ts";
import { declarationRecording } from "./declarations.ts";
import { craftedFileRecording, writtenFileRecording } from "./file_results.ts";
import { formatRecording, viewFunctionRecording } from "./format_results.ts";
import { dataFunctionRecording, trainingFunctionRecording } from "./function_results.ts";
import { layerRecording } from "./layer_results.ts";
import { argumentCountRecording, coreMessageRecording, faultRecording, messageRecording } from "./messages.ts";
import { modelRecording, modelSearchRecording } from "./model_results.ts";
import { optimRecording } from "./optim_results.ts";
import { recordPictures } from "./pictures.ts";
import { dataReaderRecording, pictureReaderRecording, tensorReaderRecording } from "./reader_results.ts";
import { refusedLayerRecording } from "./refused_layers.ts";
import { refusedTrainingRecording } from "./refused_trainings.ts";
import { record } from "./recording.ts";

const recordings = [
  coreRecording,
  coreMessageRecording,
  gpuRecording,
  helpRecording,
  trainingRecording,
  searchRecording,
  layerRecording,
  layerCallRecording,
  dataCallRecording,
  optimRecording,
  declarationRecording,
  dataReaderRecording,
  tensorReaderRecording,
  pictureReaderRecording,
  craftedFileRecording,
  writtenFileRecording,
  modelRecording,
  modelSearchRecording,
  messageRecording,
  faultRecording,
  formatRecording,
  viewFunctionRecording,
  dataFunctionRecording,
  trainingFunctionRecording,
  refusedLayerRecording,
  argumentCountRecording,
  refusedTrainingRecording,
];

if (import.meta.main) {
  if (Deno.args.length === 0 || Deno.args.includes("pictures")) await recordPictures();
  for (const recording of recordings) {
    if (Deno.args.length > 0 && !Deno.args.includes(recording.name)) continue;
    await record(recording);
    console.info(`recorded ${recording.name}`);
  }
}
