/**
 * Finds and loads saved models.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import type { ModelConfiguration } from "../../model/files/configuration.ts";
import { FileError } from "../../model/files/errors.ts";
import type { Data } from "../../data/data.ts";
import { loadModel } from "../../model/files/load_model.ts";
import type { Model } from "../../model/model.ts";
import type { ModelParts } from "../../model/model_options.ts";
import type { Report } from "../../model/training/report.ts";
import { readSavedModel } from "../../model/files/model_file.ts";
import { MissingFunction } from "../../model/files/schema.ts";
import { UsageError } from "../errors.ts";
import type { DataRequest } from "../load_data.ts";
import { runFiles } from "../runs/folder.ts";
import { argumentsOf, dataOfRun } from "../runs/read.ts";
import { tryStat } from "./check_writable.ts";

/**
 * The file for a path: the path itself, or the model of a run folder, which the run may have saved elsewhere.
 *
 * @throws {FileError} if it does not exist.
 */
export function modelFileOf(path: string): string {
  const file = savedFileOf(path);
  if (file !== undefined) return file;
  if (!tryStat(path)) throw new FileError("read", path, "there is no such file or run folder");
  const elsewhere = savedElsewhere(path);
  if (elsewhere !== undefined && tryStat(elsewhere)?.isFile) return elsewhere;
  if (elsewhere !== undefined) {
    throw new FileError("read", path, `its model was saved in ${elsewhere}, which is not there`);
  }
  throw new FileError("read", path, `the folder contains no ${runFiles.model}; a run has one after its first save`);
}

/** The file to which the run of a folder saves its model, if that is not the folder's own. */
export function savedElsewhere(folder: string): string | undefined {
  const given = argumentsOf(folder) ?? [];
  for (let i = given.length - 1; i >= 0; i--) {
    if (given[i].startsWith("--save=")) return given[i].slice("--save=".length);
    if (given[i] === "--save") return given[i + 1];
  }
  return undefined;
}

/** The file for a path, as `modelFileOf` returns it; undefined if it does not exist. */
export function savedFileOf(path: string): string | undefined {
  const facts = tryStat(path);
  if (!facts?.isDirectory) return facts && path;
  const file = join(path, runFiles.model);
  return tryStat(file) && file;
}

/** The configuration and report of a saved model. */
export interface SavedFacts {
  readonly configuration: ModelConfiguration;
  /** The report of its training, if that is finished. */
  readonly report: Report | null;
}

/**
 * The configuration and report of a saved model.
 *
 * @throws {FileError} if it cannot be read.
 * @throws {FileFormatError} if it is damaged or of another kind.
 */
export function readFacts(file: string): SavedFacts {
  const { configuration, report } = readSavedModel(file);
  return { configuration, report };
}

/**
 * The model of a file, or of a run folder.
 *
 * @throws {UsageError} if it refers to functions that a file cannot contain.
 * @throws {FileError} if it cannot be read.
 * @throws {FileFormatError} if it is damaged, of another kind, or refers to something unknown to this library.
 */
export function openModel(path: string, parts: Omit<ModelParts<Data>, "report"> = {}): Model {
  const file = modelFileOf(path);
  try {
    return loadModel(file, parts);
  } catch (cause) {
    if (cause instanceof MissingFunction) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

/** The name of the data in a report, if data can be found by it. */
export function knownData(name: string | undefined): string | undefined {
  if (name === undefined || name === "mnist" || name === "digits") return name;
  return tryStat(name)?.isDirectory ? name : undefined;
}

/** A saved model, and where it is. */
export interface SavedAt extends SavedFacts {
  /** The path that was given: a model, or a run folder. */
  readonly path: string;
  /** The file of the model. */
  readonly file: string;
}

/**
 * What is saved at a path: a model, or a run folder.
 *
 * @throws {FileError} if it does not exist, or cannot be read.
 * @throws {FileFormatError} if it is damaged or of another kind.
 */
export function savedAt(path: string): SavedAt {
  const file = modelFileOf(path);
  return { path, file, ...readFacts(file) };
}

/**
 * The data options for a saved model: those given, and otherwise those with which it was trained, as far as they are
 * known. A run folder says them also before its training is finished.
 */
export function dataOf({ path, file, report }: SavedAt, given: DataRequest): DataRequest {
  if (given.data !== undefined) return given;
  const folder = tryStat(path)?.isDirectory ? path : basename(file) === runFiles.model ? dirname(file) : undefined;
  const run = folder === undefined ? {} : dataOfRun(folder);
  return { data: knownData(report?.data ?? run.data), trainSize: given.trainSize ?? run.trainSize };
}
