/**
 * A reader of event files that shares nothing with their writer.
 *
 * @module
 */

import type { TrainingEvent } from "../../model/training/events.ts";

/** A field of a message: its number, and a number or the bytes of a text or a message. */
export type Field = readonly [number: number, value: number | Uint8Array];

/** The fields of a message, in order. */
export function fieldsOf(message: Uint8Array): Field[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    for (let [value, scale] = [0, 1];; scale *= 128) {
      const byte = message[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const kind = tag % 8;
    const length = kind === 2 ? varint() : kind === 1 ? 8 : kind === 5 ? 4 : 0;
    const value = kind === 0
      ? varint()
      : kind === 1
      ? view.getFloat64(at, true)
      : kind === 5
      ? view.getFloat32(at, true)
      : message.subarray(at, at + length);
    at += length;
    fields.push([tag >> 3, value]);
  }
  return fields;
}

/** The remainder of bytes and 32 zeros divided by the polynomial, bit by bit, the lowest bit of each byte first. */
function remainder(bytes: Uint8Array): bigint {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return crc ^ 0xffffffffn;
}

function isSealed(bytes: Uint8Array, seal: Uint8Array): boolean {
  const crc = remainder(bytes);
  const masked = (((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn;
  return masked === BigInt(new DataView(seal.buffer, seal.byteOffset).getUint32(0, true));
}

/** The records of an event file, up to the first truncated one; fails if a checksum is wrong. */
export function recordsOf(file: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at + 12 <= file.length;) {
    const head = file.subarray(at, at + 8);
    const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
    if (!isSealed(head, file.subarray(at + 8, at + 12))) throw new Error(`The length at ${at} is damaged`);
    if (at + 16 + length > file.length) break;
    const bytes = file.subarray(at + 12, at + 12 + length);
    if (!isSealed(bytes, file.subarray(at + 12 + length))) throw new Error(`The record at ${at} is damaged`);
    records.push(bytes);
    at += 16 + length;
  }
  return records;
}

const where = { epoch: 1, batch: 4, batches: 4, iteration: 4 };

const epoch = {
  ...{ epoch: 1, trainLoss: 0.5, validationLoss: 0.75, trainError: 10, validationError: 12.5 },
  ...{ seconds: 2, samplesPerSecond: 100 },
};

const device = { kind: "wasm", name: "WebAssembly", software: true } as const;

/** The events of a short training. */
export const someEvents: readonly TrainingEvent[] = [
  {
    event: "start",
    model: "m | n",
    network: "net",
    data: "digits",
    seed: 3,
    device,
    epochs: 1,
    batches: 4,
    examples: 80,
  },
  { event: "pretraining", layer: "RBM 1", epoch: 2, epochs: 3, cost: 80.5 },
  { event: "step", ...where },
  { event: "validation", ...where, validationError: 12.5, validationLoss: 0.75, trainLoss: 0.5, errorUnit: "%" },
  { event: "checkpoint", ...where, validationError: 12.5, weights: { params: {}, state: {} } },
  { event: "epoch", ...epoch },
  {
    event: "end",
    report: {
      ...{ model: "m | n", network: "net", parameters: 7, data: "digits", dataHash: "ab12", seed: 3, updates: "sgd" },
      ...{
        hyperparameters: { learningRate: 0.1 },
        device,
        versions: { yadll: "1.2.3" },
        epochs: 1,
        iterations: 4,
        batches: 4,
      },
      ...{ stop: "epochs", errorUnit: "%", validationError: 12.5, bestIteration: 4, testError: null },
      seconds: { total: 3, compile: 0.25, pretrain: 0.25, train: 2, validate: 0.5, save: 0 },
      samplesPerSecond: 100,
      history: [epoch],
    },
  },
];
