/**
 * Models: a network, its training data, and the way to train it.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { readyDevice } from "../core/device.ts";
import { readOptions } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import type { WritableFile } from "../core/web_file.ts";
import type { Data, NamedData } from "../data/data.ts";
import type { OneOrNamed } from "../data/named.ts";
import type { AnySamples } from "../data/samples.ts";
import type { FittedPreprocessing } from "../data/steps/any_preprocessing.ts";
import type { Table } from "../data/table/table.ts";
import type { GivenRow } from "../data/table/table_of.ts";
import { assemble } from "./training/assemble.ts";
import { type Compilation, compileFor } from "./training/compile.ts";
import type { TrainingEvent } from "./training/events.ts";
import { type ModelConfiguration, writeConfiguration } from "./files/configuration.ts";
import { type ConfigurationOptions, partsFromGiven } from "./files/given_configuration.ts";
import { followWith } from "./follow_with.ts";
import { progressOf } from "./progress/progress_option.ts";
import { summaryLines } from "./training/log_lines.ts";
import { type ModelParts, modelParts, type ResolvedParts, resolveParts } from "./model_options.ts";
import type { Network } from "./network.ts";
import { saveModel } from "./files/save_model.ts";
import { type Examples, type NamedInputs, outputOf, predictionsOf, preprocessingOf } from "./predict_table.ts";
import type { Programs } from "./training/programs.ts";
import type { Report } from "./training/report.ts";
import { checkMadeRule } from "./training/made_rule.ts";
import { configurationOf } from "./files/model_configuration.ts";
import { valuesOf } from "./training/settings.ts";
import { type EvaluatedData, evaluateModel, type EvaluateOptions } from "./training/evaluate_model.ts";
import type { Assembly } from "./training/assembly.ts";
import { runOptions } from "./training/run_options.ts";
import { pretrainAll, trainAll, type WatchOptions } from "./training/train.ts";
import {
  type ModelTrainOptions,
  modelTrainOptions,
  type PretrainOptions,
  pretrainOptions,
  type TrainOptions,
  trainOptions,
} from "./training/train_options.ts";

/** A trained model, and the report of its training. */
export interface TrainedModel<D extends NamedData = Data> {
  /** The model. Its network has the weights. */
  readonly model: Model<D>;
  /** The report of the training. */
  readonly report: Report;
}

/** A network, its training data, and the way to train it. Immutable: training returns a new model. */
export class Model<D extends NamedData = Data> {
  /** What was compiled ahead of use. Other programs are freed when a training ends. */
  #ahead: Programs | undefined;

  /** The parts of the model, with functions for names. */
  readonly parts: ResolvedParts<D>;

  /** Creates a model from parts; call {@linkcode model} instead. */
  constructor(parts: ModelParts<D> = {}) {
    readOptions<ModelParts<NamedData>, typeof modelParts>("make a model", modelParts, parts);
    this.parts = resolveParts(parts);
    valuesOf(parts.hyperparameters ?? {});
  }

  /** The name in reports. */
  get name(): string {
    return this.parts.name ?? "model";
  }

  /**
   * The network. After training it has the weights.
   *
   * @throws {TypeError} if there is none.
   */
  get network(): Network {
    return this.#need("network", this.parts.network);
  }

  /**
   * The data.
   *
   * @throws {TypeError} if the model has no data.
   */
  get data(): D {
    return this.#need("data", this.parts.data);
  }

  /**
   * The preprocessing with which the weights were trained: of tables, or the scaling of samples. `undefined` if there is
   * none. Without a training, it is that of the data.
   */
  get preprocessing(): FittedPreprocessing | undefined {
    return this.parts.preprocessing ?? preprocessingOf(this.parts.data);
  }

  /** The report of the training that produced the weights; `undefined` without one. */
  get report(): Report | undefined {
    return this.parts.report;
  }

  /** The table of the layers, if there is a network, and the result of the training, if there was one. */
  summary(): string {
    const { network, report } = this.parts;
    return [
      `model ${this.name}`,
      network?.summary() ?? "no network",
      ...report ? summaryLines(report) : ["not trained"],
    ].join("\n");
  }

  /** Returns what notebooks show: the summary. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    return { "text/plain": this.summary() };
  }

  /**
   * A copy of the model with other parts.
   *
   * @throws {RangeError} for a hyperparameter such as `learningRate` beside an update rule that was already made with another
   * value.
   */
  with<E extends NamedData>(parts: ModelParts<E> & { readonly data: E }): Model<E>;
  /** A copy of the model with other parts, but its data. */
  with(parts?: ModelParts<D>): Model<D>;
  with(parts: ModelParts<D> = {}): Model<D> {
    refuseSurplus("model.with", arguments, 1);
    readOptions<ModelParts<NamedData>, typeof modelParts>("change a model", modelParts, parts);
    const changed = this.#having(parts);
    const isChecked = parts.updates !== undefined || parts.hyperparameters !== undefined;
    if (isChecked) checkMadeRule("change a model", changed.parts);
    return changed;
  }

  #having<E extends NamedData = D>(parts: ModelParts<E>): Model<D | E> {
    return new Model<D | E>({ ...this.parts, ...parts });
  }

  /** Compiles functions now instead of when they are first needed; by default all of them. */
  async compile(...what: Compilation[]): Promise<Model<D>> {
    await readyDevice();
    const assembly = this.#assemble();
    this.#ahead = assembly.programs;
    compileFor(assembly, what.length > 0 ? what : ["all"]);
    return this;
  }

  /**
   * The compiled training step, for example to see what it does: `explain(await model.trainingStep())`.
   *
   * @throws {TypeError} if network, data and hyperparameters do not fit together.
   */
  async trainingStep(): Promise<(...args: never[]) => unknown> {
    refuseSurplus("model.trainingStep", arguments, 0);
    await readyDevice();
    const assembly = this.#assemble();
    compileFor(assembly, ["train"]);
    return assembly.programs.stepFor(0);
  }

  /**
   * Trains the network, by default on the best device.
   *
   * @throws {RangeError} for an unknown option (the message has the nearest name), a value out of bounds, or a
   * hyperparameter that only other update rules take.
   * @throws {Diverged} if the cost becomes infinite or NaN. The error names the step and the layer, and has the last
   * finite weights, which are also saved if training is saved.
   * @throws {FileError} if the training is saved, and the file cannot be written.
   * @throws {ResumeError} if the training to resume belongs to another model.
   * @throws {TypeError} if network, data and hyperparameters do not fit together.
   */
  async train(options: ModelTrainOptions = {}): Promise<TrainedModel<D>> {
    refuseSurplus("model.train", arguments, 1);
    readOptions("train", modelTrainOptions, options);
    const { onEvent, log, progress, ...others } = options;
    const shown = await progressOf(progress, log !== undefined);
    return await followWith(shown, this.#events(others, { watched: shown.isLive }), { onEvent, log });
  }

  /** The events of a training, as they happen; the generator returns the trained model. */
  async *events(options: TrainOptions = {}): AsyncGenerator<TrainingEvent, TrainedModel<D>> {
    refuseSurplus("model.events", arguments, 1);
    readOptions("train", trainOptions, options);
    return yield* this.#events(options, { watched: false });
  }

  async *#events(options: TrainOptions, watch: WatchOptions): AsyncGenerator<TrainingEvent, TrainedModel<D>> {
    await readyDevice();
    const assembly = this.#assemble();
    const { chosenObjectives } = assembly.configuration;
    const { weights, report } = yield* trainAll(assembly, await runOptions(this.parts.file, options), watch);
    if (report.dryRun) return { model: this, report };
    const preprocessing = preprocessingOf(this.data) ?? this.parts.preprocessing;
    const network = this.network.withWeights(weights);
    return { model: this.with({ network, report, preprocessing, chosenObjectives }), report };
  }

  /**
   * The model after pre-training: its unsupervised layers have learned from their own input.
   *
   * @throws {RangeError} for an option that pre-training does not have.
   */
  async pretrain(options: PretrainOptions = {}): Promise<Model<D>> {
    refuseSurplus("model.pretrain", arguments, 1);
    readOptions("pre-train", pretrainOptions, options);
    const { onEvent, log, progress, ...others } = options;
    const shown = await progressOf(progress, log !== undefined);
    await readyDevice();
    using assembly = this.#assemble(false);
    const events = pretrainAll(assembly, others, { watched: shown.isLive });
    const weights = await followWith(shown, events, { onEvent, log });
    return this.with({ network: this.network.withWeights(weights) });
  }

  /**
   * The loss of a trained model on a set, its error if it has a metric per example, and other metrics, by name: of a
   * metric with several values `f1/0`, `f1/1`, …, and of several outputs `kind/loss`, `kind/f1`. Losses and errors are
   * those that reports have, in the unit of the error.
   *
   * @param set the set, or data whose test set is meant; default: the test set of the model. A set
   * { x, y } is scaled by the model, as `predict` scales samples; data and their sets must be scaled like those of the
   * training
   * @throws {RangeError} if a metric is unknown; the message has the nearest name.
   * @throws {TypeError} if the model has no weights, or set, network and metrics do not fit together.
   *
   * @example
   * ```ts
   * import { data, digitsLoader, f1, inputLayer, logisticRegression, model, network } from "@yadll/yadll";
   * import { assertEquals } from "@std/assert";
   *
   * const input = inputLayer({ shape: [null, 784] });
   * const { model: trained, report } = await model({
   *   network: network("softmax", [input, logisticRegression(input, { nClass: 10 })]),
   *   data: data(digitsLoader({ sizes: [200, 50, 50] })),
   *   hyperparameters: { batchSize: 50, nEpochs: 2, learningRate: 0.1 },
   * }).train();
   * const found = await trained.evaluate(trained.data.test, { metrics: ["accuracy", f1({ average: "macro" })] });
   * assertEquals(Object.keys(found), ["loss", "error", "accuracy", "f1"]);
   * assertEquals(found.error, report.testError);
   * ```
   */
  async evaluate(set?: EvaluatedData, options?: EvaluateOptions): Promise<Readonly<Record<string, number>>> {
    refuseSurplus("model.evaluate", arguments, 2);
    await readyDevice();
    const { cost: loss, error, metrics } = await evaluateModel(this, set, options);
    return { loss, ...(error !== null && { error }), ...metrics };
  }

  /**
   * The predicted classes, i32 [example] or [example, time], if the network ends in a softmax; otherwise its output. The
   * class is −1 if a probability is NaN.
   *
   * @param x [example, ...feature]: a tensor, scaled like the data, or samples, which are scaled by the model
   * @throws {TypeError} for samples if the model was trained on tables, which it takes instead.
   */
  predict(x: Tensor | AnySamples): Tensor;
  /**
   * The predictions for a table, or for rows such as `[{ age: 31, city: "Bern" }]`, as a table of the targets, in their
   * own units. Their columns are preprocessed like those of the training set. Classes are those of the greatest values or,
   * with one unit, chosen by the threshold by which the model is judged.
   *
   * @throws {DataError} if a column is missing, or a value does not fit, with its row.
   * @throws {TypeError} if the model was not trained on tables, or nothing says which outputs of one unit mean yes.
   */
  predict(table: Table | readonly GivenRow[]): Promise<Table>;
  /**
   * The predictions for inputs by the names of the input layers, by the names of the outputs: classes of those that end in
   * a softmax, as above. Several outputs are always predicted by name, also those of one input: `{ image: x }`.
   *
   * @param x tensors, scaled like the data, or samples, which are scaled by the model
   * @throws {RangeError} if names are not those of the inputs; the message has the nearest one.
   * @throws {TypeError} if inputs have different numbers of examples.
   */
  predict(x: NamedInputs): Readonly<Record<string, Tensor>>;
  predict(x: Examples): Tensor | Promise<Table> | Readonly<Record<string, Tensor>> {
    refuseSurplus("model.predict", arguments, 1);
    return predictionsOf(this, x);
  }

  /**
   * The output of the network, such as the probabilities of classes, for the same inputs as `predict`. It is what the
   * network computes, so of a table it is in the units in which targets are learned.
   *
   * @param x [example, ...feature]: a tensor, scaled like the data; samples, such as pictures of `readImages`, which are
   * scaled by the model; or a table or rows, if it was trained on tables
   * @throws {DataError} if a column of a table is missing, or a value does not fit, with its row.
   * @throws {TypeError} for samples if the model was trained on tables, and for tables if it was not.
   */
  getOutput(x: Tensor | AnySamples | Table | readonly GivenRow[]): Tensor;
  /**
   * The outputs by name, for inputs by the names of the input layers.
   *
   * @param x tensors, scaled like the data, or samples, which are scaled by the model
   */
  getOutput(x: NamedInputs): Readonly<Record<string, Tensor>>;
  getOutput(x: Examples): OneOrNamed<Tensor> {
    refuseSurplus("model.getOutput", arguments, 1);
    return outputOf(this, x);
  }

  /**
   * The configuration that rebuilds the model, without weights and data. The model need not be trained. With a path,
   * the configuration is also written there, by convention as `.yc`.
   *
   * Layers and functions that do not belong to this library, such as your own objective, are only named:
   * {@linkcode fromConf} takes them from its options, or from the model on which it is called.
   *
   * @throws {TypeError} if there is no network.
   * @throws {FileError} if the file cannot be written.
   */
  toConf(file?: string | URL): ModelConfiguration {
    refuseSurplus("model.toConf", arguments, 1);
    const conf = configurationOf({ ...this.parts, network: this.network, preprocessing: this.preprocessing });
    if (file !== undefined) writeConfiguration(file, conf);
    return conf;
  }

  /**
   * The model of a configuration or a `.yc` file. Parts that it does not contain, such as the data, stay. Layers and
   * functions of your own are passed by the names that they have there: `{ layers: { LearnedRectifier: learnedRectifier } }`.
   *
   * @throws {FileError} if the file cannot be read.
   * @throws {FileFormatError} if a field is missing, of another kind, or unknown; the message has the nearest name.
   * @throws {RangeError} for an unknown layer, rule, objective or metric; the message has the nearest name. If it is in a
   * file, a `FileFormatError` names the file and the place.
   * @throws {TypeError} if the options of a layer are invalid, with the same exception, or the configuration names one of
   * your own functions.
   */
  fromConf(conf: ModelConfiguration | string | URL, options: ConfigurationOptions = {}): Model<D> {
    refuseSurplus("model.fromConf", arguments, 2);
    return this.#having(partsFromGiven({ conf, options }, { ...this.parts, network: undefined }));
  }

  /**
   * Writes the model to a file, by convention `.ym`: its configuration, its weights, and the report of its training. See
   * {@linkcode saveModel}.
   *
   * @throws {FileError} if the file cannot be written.
   * @throws {TypeError} if it has no network, or no weights.
   */
  async saveModel(file: WritableFile): Promise<void> {
    refuseSurplus("model.saveModel", arguments, 1);
    await saveModel(this, file);
  }

  #need<T>(part: "network" | "data", found: T | undefined): T {
    if (found) return found;
    throw new TypeError(
      `Cannot use model ${JSON.stringify(this.name)}: it has no ${part}; add it with model.with({ ${part} })`,
    );
  }

  /** The parts that a training needs; pre-training does without a `judge`. */
  #assemble(judge = true): Assembly {
    const { network, data, name } = this;
    return assemble({ ...this.parts, network, data, name }, { judge, ahead: this.#ahead });
  }
}

/**
 * A model of these parts. Missing parts can be added with `with`.
 *
 * @throws {RangeError} for parts or hyperparameters whose names are misspelled, or a hyperparameter such as `learningRate`
 * beside an update rule that was already made with another value.
 * @throws {TypeError} for a part of another kind.
 *
 * @example
 * ```ts
 * import { model, network } from "@yadll/yadll/model";
 * import { data, digitsLoader } from "@yadll/yadll/data";
 * import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { momentum } from "@yadll/yadll/optim";
 * import { assert } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 784] });
 * const untrained = model({
 *   network: network("softmax", [input, logisticRegression(input, { nClass: 10 })]),
 *   data: data(digitsLoader({ sizes: [400, 100, 100] }), { name: "digits" }),
 *   hyperparameters: { batchSize: 20, nEpochs: 3, learningRate: 0.05 },
 *   updates: momentum,
 * });
 * const { model: trained, report } = await untrained.train();
 * assert(report.testError! < 50);
 * const classes = trained.predict(trained.data.test!.x);
 * assert((await classes.data()).every((one) => one >= 0 && one < 10));
 * ```
 */
export function model<D extends NamedData = Data>(parts: ModelParts<D> = {}): Model<D> {
  refuseSurplus("model", arguments, 1);
  const made = new Model(parts);
  checkMadeRule("make a model", made.parts);
  return made;
}
