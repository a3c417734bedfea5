/**
 * Events of a training as JSON, for programs.
 *
 * @module
 */

import { checkArgument, readOptions } from "../../core/options/read.ts";
import { anyText, objectKind } from "../../core/options/kinds.ts";
import { custom, type Declaration } from "../../core/options/option.ts";
import { isPlainRecord } from "../../model/files/json.ts";
import type { StartEvent, TrainingEvent } from "../../model/training/events.ts";
import type { Report } from "../../model/training/report.ts";

const eventKind = custom<TrainingEvent>({
  expected: "an event of a training",
  accepts: (value): value is TrainingEvent =>
    isPlainRecord(value) && typeof value.event === "string" &&
    (value.event !== "end" || isPlainRecord(value.report) && isPlainRecord(value.report.seconds)) &&
    (value.event !== "saveFailed" || value.error instanceof Error),
});

/** The version of the format of the records. */
export const JSON_VERSION = 1;

/** Fields of records in addition to those of the events. */
export interface JsonContext {
  /** The name of the network; default: its own name. */
  readonly network?: string | undefined;
  /** More fields of the first record. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** A warning for the reader, such as that the data are synthetic; in the first and the last record. */
  readonly warning?: string | undefined;
  /** The reason for the choice of the data; in the first record. */
  readonly reason?: string | undefined;
}

/** {@linkcode JsonContext}, declared. */
export const jsonContext = {
  network: anyText({ otherwise: "its own name", help: "name of the network" }),
  details: { ...objectKind<Readonly<Record<string, unknown>>>("a record"), help: "more fields of the first record" },
  warning: anyText({ help: "warning for the reader" }),
  reason: anyText({ help: "reason for the choice of the data" }),
} satisfies Declaration<JsonContext>;

/** A record: its event, the version of its format, and its fields. */
export interface JsonRecord {
  /** The name of the event. */
  readonly event: string;
  /** The version of the format. */
  readonly version: number;
}

/** Makes a record of an event with these fields. */
function recordOf(event: string, fields: object): JsonRecord {
  return { event, version: JSON_VERSION, ...fields };
}

/**
 * Returns the record of an event for programs: the start of a training, each epoch, each new best validation error, and
 * the end. Steps and validations have no record.
 *
 * @example
 * ```ts
 * import { jsonRecord } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const record = jsonRecord({ event: "pretraining", layer: "RBM 1", epoch: 1, epochs: 3, cost: 80.5 });
 * assertEquals(JSON.stringify(record), '{"event":"pretraining","version":1,"layer":"RBM 1","epoch":1,"cost":80.5}');
 * ```
 */
export function jsonRecord(event: TrainingEvent, context: JsonContext = {}): JsonRecord | undefined {
  readOptions("record an event", jsonContext, context);
  checkArgument("record an event", event, eventKind);
  switch (event.event) {
    case "start":
      return recordOf("start", startFields(event, context));
    case "pretraining":
      return recordOf("pretraining", { layer: event.layer, epoch: event.epoch, cost: event.cost });
    case "checkpoint": {
      const { epoch, iteration, validationError, validationLoss, metrics } = event;
      return recordOf("checkpoint", { epoch, iteration, validationError, validationLoss, ...defined({ metrics }) });
    }
    case "epoch": {
      const { event: _event, ...record } = event;
      return recordOf("epoch", record);
    }
    case "rateReduced": {
      const { epoch, iteration, scale, learningRate } = event;
      return recordOf("rateReduced", { epoch, iteration, scale, learningRate });
    }
    case "end": {
      const { network, warning } = context;
      return recordOf("end", { ...endFields(event.report), ...defined({ network, warning }) });
    }
    default:
      return undefined;
  }
}

function startFields(event: StartEvent, { details, ...others }: JsonContext): object {
  const { network, data, seed, device, epochs, batches, examples, monitor, errorUnit, objective, metric } = event;
  return {
    ...{ network, device, data, seed, monitor, errorUnit, objective, metric, epochs, batches, examples, ...details },
    ...defined({ monitoredMetric: event.monitoredMetric }),
    ...defined(others),
  };
}

function endFields(report: Report): object {
  const { network, device, data, seed, epochs, iterations, stop, testError, validationError, bestIteration } = report;
  const { augment, monitor, monitoredMetric, validationLoss, testLoss, metrics, overfit, dryRun } = report;
  const { seconds: { total, ...phases }, samplesPerSecond, parameters, updates, hyperparameters, versions } = report;
  return {
    ...{ network, device, data, seed, epochs, iterations, stop, testError, validationError, bestIteration },
    ...{ testLoss, validationLoss, monitor },
    ...defined({ augment, monitoredMetric, metrics, overfit, dryRun }),
    ...{ seconds: total, phases, samplesPerSecond, parameters, updates, hyperparameters, versions },
  };
}

/** Returns the fields that are given. */
function defined(context: object): object {
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}
