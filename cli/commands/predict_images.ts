/**
 * Predicts the classes of pictures with a model that was trained on a folder of pictures.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { inOneLine } from "../../core/options/show.ts";
import { DataError } from "../../data/errors.ts";
import type { ImagePreprocessing } from "../../data/images/image_preprocessing.ts";
import { readImages } from "../../data/images/read_images.ts";
import type { Model } from "../../model/model.ts";
import { jsonLine } from "../json_lines.ts";
import { checkMost } from "../options/common.ts";
import type { Output } from "../output.ts";

/** What is predicted, and how it is shown. */
export interface ImagePrediction {
  readonly model: Model;
  readonly preprocessing: ImagePreprocessing;
  readonly paths: readonly string[];
  /** How many of the most likely classes are shown. */
  readonly top: number | undefined;
  readonly json: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Classes that are shown by default, if there are as many. */
const MOST_LIKELY = 3;

/**
 * Prints the most likely classes of pictures, which are read like those of the training.
 *
 * @throws {DataError} if a picture cannot be read, or the output of the model is no probability.
 */
export async function predictImages(prediction: ImagePrediction, output: Output): Promise<void> {
  const { model, preprocessing, paths, top, json, signal } = prediction;
  const { classes } = preprocessing;
  if (top !== undefined) {
    checkMost("top", top, { most: classes.length, what: `the model has ${classes.length} classes` });
  }
  const { values, shape } = await readImages(paths, preprocessing, { signal });
  const probabilities = await probabilitiesOf(model, tensor(values, shape), classes.length);
  paths.forEach((name, i) => {
    const own = probabilities[i];
    const ranked = [...own.entries()].sort(([, a], [, b]) => b - a);
    const [[best]] = ranked;
    if (json) {
      const line = { name, class: best, label: classes[best], probabilities: own };
      return output.result(jsonLine("prediction", line));
    }
    const shown = ranked.slice(0, top ?? MOST_LIKELY).map(([one, probability]) =>
      `${classes[one]} (${(probability * 100).toFixed(1)} %)`
    );
    output.result(inOneLine(`${name}: ${shown.join(", ")}`));
  });
}

async function probabilitiesOf(model: Model, x: ReturnType<typeof tensor>, classes: number): Promise<number[][]> {
  const { network } = model;
  const found = model.getOutput(x);
  if (!network.hasLogits || found.shape.length !== 2 || found.shape[1] !== classes) {
    throw new DataError(
      `Cannot predict with ${network.name}: expected probabilities of ${classes} classes, got outputs ` +
        `[${found.shape.join(", ")}]`,
    );
  }
  const values = Array.from(await found.data());
  if (values.some(Number.isNaN)) {
    throw new DataError(
      `Cannot predict with ${network.name}: its output is NaN, so its weights, or values that they lead to, are infinite ` +
        "or NaN",
    );
  }
  return Array.from({ length: found.shape[0] }, (_, i) => values.slice(i * classes, (i + 1) * classes));
}
