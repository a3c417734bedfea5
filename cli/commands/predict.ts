/**
 * The command that predicts the classes of pictures.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import { tensor } from "../../core/creation.ts";
import { DataError } from "../../data/errors.ts";
import { ImagePreprocessing } from "../../data/images/image_preprocessing.ts";
import type { Model } from "../../model/model.ts";
import { count } from "../../core/options/numbers.ts";
import { oneOf } from "../../core/options/values.ts";
import { command, type Context } from "../command.ts";
import { checkFit } from "../check_fit.ts";
import { checkTakesDigits } from "../check_kind.ts";
import { chooseDevice } from "../device_line.ts";
import { type Ending, UsageError } from "../errors.ts";
import { wrap } from "../help.ts";
import { type ImagePrediction, predictImages } from "./predict_images.ts";
import { digitOf } from "../images/digit.ts";
import { readGrey } from "../images/grey.ts";
import { jsonLine } from "../json_lines.ts";
import { loadForPeople } from "../load_data.ts";
import { checkMost, dataSection, deviceOptions, helpOptions, outputOptions } from "../options/common.ts";
import { type GivenValues, section, switchOption, valued } from "../options/option.ts";
import { refuseUnused } from "../options/unused.ts";
import { dataOf, openModel, savedAt } from "../files/saved_model.ts";
import { tryStat } from "../files/check_writable.ts";
import { delimiter, isTableFile, predictFile } from "../tables.ts";

const SIDE = 28;
const MOST_LIKELY = 3;
/** Characters from no ink to the most. */
const SHADES = " .:-=+*#%@";

const options = {
  ...section("Prediction", {
    examples: valued("N", count({ help: "use the first N examples of the test set instead of pictures" })),
    ink: valued(
      "SHADE",
      oneOf(["auto", "dark", "light"], {
        default: "auto",
        help: "shade of the ink: dark, light, or auto (judged by the edge of the picture)",
      }),
    ),
    top: valued("N", count({ default: MOST_LIKELY, help: "show the N most likely classes" })),
    show: switchOption("show the picture as the network sees it"),
    delimiter,
  }),
  ...dataSection,
  ...deviceOptions,
  ...outputOptions,
  ...helpOptions,
};

type Given = GivenValues<typeof options>;

/** A picture in the form that a network takes. */
interface Subject {
  readonly name: string;
  readonly pixels: Float32Array;
  /** The true class, if it is known. */
  readonly target?: number;
}

/** Options that concern only pictures, or only examples, and those of an output as text. */
const ofPictures = { ink: "has no effect with --examples: their ink is known" };
const ofExamples = {
  data: "needs --examples: pictures are read from their own files",
  trainSize: "needs --examples: pictures are read from their own files",
};
const ofTables = { delimiter: "needs a CSV file" };
const ofImages = {
  ink: "has no effect on a CSV file",
  top: "has no effect on a CSV file",
  show: "has no effect on a CSV file",
};
const ofPhotos = {
  ink: "has no effect on a model that was trained on a folder of pictures",
  show: "has no effect on a model that was trained on a folder of pictures",
};
const ofText = {
  top: "has no effect with --json, which contains the probabilities of all classes",
  show: "has no effect with --json",
};

/** Predicts classes of pictures, or the targets of a table. */
export const predictCommand = command({
  name: "predict",
  summary: "Classifies pictures, or predicts the rows of a CSV file, with a saved model",
  usage: "MODEL PICTURE… [options]",
  examples: [
    "predict lenet5.ym seven.png",
    "predict runs/lenet5 *.png --show",
    "predict lenet5.ym --examples 5",
    "predict photos.ym cat.jpg",
    "predict cars.ym cars.csv",
  ],
  options,
  details: (_program, width) =>
    wrap(
      "MODEL is a saved model (.ym) or a run folder. A PICTURE is a PNG file of any size, gray or colored, that shows one " +
        "digit. It is centered and scaled like those of MNIST. A model that was trained on a folder of pictures takes PNG and " +
        "JPEG files of what it learned, and names their classes. Instead of pictures, a CSV file (.csv or .tsv) has the columns " +
        "on which the model was trained; predictions are printed as CSV, in the units of the targets.",
      width,
    ).join("\n"),
  async run({ words: [source, ...pictures], options: given }, context) {
    if (source === undefined) throw new UsageError("missing argument: expected a saved model (.ym) or a run folder");
    const hasExamples = given.examples !== undefined;
    if (hasExamples === pictures.length > 0) {
      throw new UsageError("expected either pictures or --examples N");
    }
    const hasTable = pictures.some(isTableFile);
    refuseUnused(given, hasExamples ? ofPictures : ofExamples);
    refuseUnused(given, hasTable ? ofImages : ofTables);
    if (given.json) refuseUnused(given, ofText);
    const saved = savedAt(source);
    const { file } = saved;
    for (const picture of pictures) {
      if (!tryStat(picture)) throw new DataError(`Cannot read ${picture}: there is no such file`);
    }
    if (hasTable) return await predictTable(file, pictures, given, context);
    const model = hasExamples ? undefined : openModel(file);
    if (model?.preprocessing instanceof ImagePreprocessing) {
      return await predictPhotos({ model, preprocessing: model.preprocessing, paths: pictures }, given, context);
    }
    checkTakesDigits("predict with", saved);
    const subjects = hasExamples
      ? await examplesOf(file, { ...given, ...dataOf(saved, given) }, context)
      : await picturesOf(pictures, given);
    return await predict(model ?? openModel(file), subjects, given, context);
  },
});

async function predictTable(
  file: string,
  [path, ...others]: readonly string[],
  given: Given,
  { output }: Context,
): Promise<Ending> {
  const { delimiter, json, quiet } = given;
  if (others.length > 0) throw new UsageError("expected one CSV file, or pictures");
  const line = await chooseDevice(given);
  if (!quiet) output.note(`${line}\n`);
  await predictFile({ model: openModel(file), path, delimiter }, { output, json });
  return "ok";
}

async function predictPhotos(
  subjects: Pick<ImagePrediction, "model" | "preprocessing" | "paths">,
  given: Given,
  { output, signal }: Context,
): Promise<Ending> {
  refuseUnused(given, ofPhotos);
  const { quiet, json, top } = given;
  const line = await chooseDevice(given);
  if (!quiet) output.note(`${line}\n`);
  await predictImages({ ...subjects, top, json, signal }, output);
  return "ok";
}

async function picturesOf(paths: readonly string[], { ink }: Given): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const name of paths) {
    const grey = await readGrey(name);
    try {
      subjects.push({ name, pixels: digitOf(grey, ink) });
    } catch (error) {
      throw error instanceof DataError ? new DataError(`${name}: ${error.message}`, { cause: error }) : error;
    }
  }
  return subjects;
}

async function examplesOf(file: string, given: Given, { output, signal }: Context): Promise<Subject[]> {
  const note = given.quiet ? () => {} : (line: string) => output.note(`${line}\n`);
  const { data } = await loadForPeople(given, { output, note, quiet: given.quiet, signal });
  checkFit("predict", openModel(file), data);
  const set = data.test ?? data.validation;
  const { examples: length = 0 } = given;
  checkMost("examples", length, { most: set.length, what: `${data.name} has ${set.length} examples to predict` });
  const [pixels, targets] = await Promise.all([set.x.slice([0], [length]).data(), set.y.data()]);
  const features = pixels.length / length;
  return Array.from({ length }, (_, i) => ({
    name: `example ${i + 1}`,
    pixels: Float32Array.from(pixels.slice(i * features, (i + 1) * features)),
    target: targets[i],
  }));
}

async function predict(model: Model, subjects: readonly Subject[], given: Given, { output }: Context): Promise<Ending> {
  const { top = MOST_LIKELY, json, quiet, show } = given;
  const line = await chooseDevice(given);
  if (!quiet) output.note(`${line}\n`);
  const probabilities = await probabilitiesOf(model, subjects);
  const classes = probabilities[0].length;
  if (given.top !== undefined) checkMost("top", top, { most: classes, what: `the model has ${classes} classes` });
  let wrong = 0;
  subjects.forEach(({ name, pixels, target }, i) => {
    const ranked = [...probabilities[i].entries()].sort(([, a], [, b]) => b - a);
    const [[prediction]] = ranked;
    if (target !== undefined && target !== prediction) wrong++;
    if (json) {
      return output.result(
        jsonLine("prediction", { name, class: prediction, target, probabilities: probabilities[i] }),
      );
    }
    if (show) pictureOf(pixels).forEach(output.result);
    const shown = ranked.slice(0, top).map(([one, probability]) => `${one} (${(probability * 100).toFixed(1)} %)`);
    const mistake = target === undefined || target === prediction ? "" : `; correct: ${target}`;
    output.result(`${inOneLine(name)}: ${shown.join(", ")}${mistake}`);
  });
  if (given.examples !== undefined && !quiet) output.note(`${subjects.length - wrong} of ${subjects.length} correct\n`);
  return "ok";
}

async function probabilitiesOf(model: Model, subjects: readonly Subject[]): Promise<number[][]> {
  const { network } = model;
  const [, ...feature] = network.inputShapes[0];
  const extents = feature.map((extent) => extent ?? SIDE);
  const { inputNames, outputNames } = network;
  const areSeveral = inputNames.length > 1 || outputNames.length > 1;
  if (areSeveral || !network.hasLogits || extents.reduce((product, extent) => product * extent, 1) !== SIDE * SIDE) {
    const got = areSeveral
      ? `the inputs ${inputNames.join(", ")} and the outputs ${outputNames.join(", ")}`
      : `inputs [${feature.join(", ")}]`;
    throw new DataError(
      `Cannot predict with ${network.name}: expected a network that maps ${SIDE}×${SIDE} pictures to class probabilities, ` +
        `got one with ${got}`,
    );
  }
  const pixels = new Float32Array(subjects.length * SIDE * SIDE);
  subjects.forEach((subject, i) => pixels.set(subject.pixels, i * SIDE * SIDE));
  const output = model.getOutput(tensor(pixels, [subjects.length, ...extents]));
  const values = Array.from(await output.data());
  const classes = output.shape[1];
  return subjects.map(({ name }, i) => {
    const probabilities = values.slice(i * classes, (i + 1) * classes);
    if (!probabilities.some(Number.isNaN)) return probabilities;
    throw new DataError(
      `Cannot predict ${name} with ${network.name}: its output is NaN, so its weights, or values that they lead to, are ` +
        "infinite or NaN",
    );
  });
}

/** A picture as text, with two characters per pixel, so that it is about as wide as high. */
function pictureOf(pixels: Float32Array): string[] {
  return Array.from({ length: SIDE }, (_, row) =>
    Array.from(
      pixels.subarray(row * SIDE, (row + 1) * SIDE),
      (value) => SHADES[Math.round(Math.min(1, value) * (SHADES.length - 1))].repeat(2),
    ).join("").trimEnd());
}
