/**
 * The learning-rate range test from the command line: `--range-test`.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import { Model } from "../../model/model.ts";
import { numberText } from "../../model/number_text.ts";
import { learningRateRange } from "../../model/training/learning_rate_range.ts";
import type { LearningRateRange } from "../../model/training/rate_range.ts";
import { checkTrainable } from "../check_fit.ts";
import type { Context } from "../command.ts";
import { chooseDevice } from "../device_line.ts";
import type { Ending } from "../errors.ts";
import { checkPicture } from "../files/check_writable.ts";
import { jsonLine } from "../json_lines.ts";
import { dataLine, loadForPeople } from "../load_data.ts";
import { loadDrawing, rateChartOf, writeRates } from "../pictures.ts";
import type { TrainingRequest } from "./request.ts";

/** A training, and where the picture of the range test is written, if it is. */
export interface RangeTestRequest extends TrainingRequest {
  readonly rangeTest: string | true;
}

/** Tries rising learning rates, and suggests one. */
export async function runRangeTest(request: RangeTestRequest, context: Context): Promise<Ending> {
  const { choice: { network, parts }, json, quiet, noColor, rangeTest, seed } = request;
  const { output, signal } = context;
  const note = quiet ? () => {} : (line: string) => output.note(`${line}\n`);
  if (typeof rangeTest === "string") checkPicture(rangeTest);
  await loadDrawing({ plot: !json, report: typeof rangeTest === "string" });
  const loaded = await loadForPeople(request, { output, note, quiet, signal });
  checkTrainable(new Model(parts), loaded.data, { ...request, metrics: [], monitor: undefined });
  note(await chooseDevice(request));
  note(dataLine(loaded));
  const range = await learningRateRange(new Model({ ...parts, data: loaded.data }), {
    ...{ seed, signal, classWeights: request.classWeights, labelSmoothing: request.labelSmoothing },
  });
  if (json) output.result(jsonLine("rates", { network, ...range }));
  else {
    const curve = await rateChartOf(range, output, noColor);
    [...(curve === "" ? [] : [`${curve}\n`]), ...adviceOf(range)].forEach(output.result);
  }
  if (typeof rangeTest === "string") {
    await writeRates(rangeTest, range, `Learning rates of ${network}`);
    note(inOneLine(`Picture written to ${rangeTest}`));
  }
  return range.stop === "aborted" ? "interrupted" : "ok";
}

function adviceOf({ suggestion, steepest, lowest, points }: LearningRateRange): string[] {
  if (suggestion === null || steepest === null || lowest === null) {
    return [`No learning rate is suggested: the loss did not fall in ${points.length} steps`];
  }
  return [
    `Suggested learning rate: ${numberText(suggestion)}, the lower one of ${
      numberText(steepest)
    }, at which the loss falls ` +
    `most steeply, and a tenth of ${numberText(lowest)}, at which it is lowest`,
    `To train with it: --learning-rate ${Number(suggestion.toPrecision(2))}`,
  ];
}
