/**
 * Events of a training as JSON, for programs.
 *
 * @module
 */

import type { TrainingEvent } from "../../model/training/events.ts";
import type { Report } from "../../model/training/report.ts";

/** The version of the form of the records. */
export const JSON_VERSION = 1;

/** What records tell besides the events. */
export interface JsonContext {
  /** What the network is called, where not by its own name. */
  readonly network?: string | undefined;
  /** More fields of the first record. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** What the reader must know, such as that the data are synthetic; in the first and the last record. */
  readonly warning?: string | undefined;
  /** Why these data were taken; in the first record. */
  readonly reason?: string | undefined;
}

/** A record: what happened, the version of its form, and its fields. */
export interface JsonRecord {
  /** What happened. */
  readonly event: string;
  /** The version of the form. */
  readonly version: number;
}

/** A record of an event with these fields. */
function recordOf(event: string, fields: object): JsonRecord {
  return { event, version: JSON_VERSION, ...fields };
}

/**
 * What programs care for of an event: its beginning, each epoch, each least validation error, its end. Steps and
 * validations have none.
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
  switch (event.event) {
    case "start": {
      const { network, data, seed, device, epochs, batches, examples } = event;
      const { details, ...others } = context;
      return recordOf("start", {
        ...{ network, device, data, seed, epochs, batches, examples, ...details },
        ...defined(others),
      });
    }
    case "pretraining":
      return recordOf("pretraining", { layer: event.layer, epoch: event.epoch, cost: event.cost });
    case "checkpoint": {
      const { epoch, iteration, validationError } = event;
      return recordOf("checkpoint", { epoch, iteration, validationError });
    }
    case "epoch": {
      const { event: _event, ...record } = event;
      return recordOf("epoch", record);
    }
    case "end": {
      const { network, warning } = context;
      return recordOf("end", { ...endFields(event.report), ...defined({ network, warning }) });
    }
    default:
      return undefined;
  }
}

function endFields(report: Report): object {
  const { network, device, data, seed, epochs, iterations, stop, testError, validationError, bestIteration } = report;
  const { seconds: { total, ...phases }, samplesPerSecond, parameters, updates, hyperparameters, versions } = report;
  return {
    ...{ network, device, data, seed, epochs, iterations, stop, testError, validationError, bestIteration },
    ...{ seconds: total, phases, samplesPerSecond, parameters, updates, hyperparameters, versions },
  };
}

/** Without the fields that are not given. */
function defined(context: JsonContext): object {
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}
