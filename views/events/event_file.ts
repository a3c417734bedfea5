/**
 * Records of the event files that TensorBoard reads.
 *
 * Source: https://www.tensorflow.org/tutorials/load_data/tfrecord, and event.proto, summary.proto and tensor.proto of
 * https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto
 *
 * @module
 */

import { joinBytes } from "./bytes.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { doubleField, messageField, singleField, textField, wholeField } from "./protobuf.ts";

/** The element type of strings. */
const DT_STRING = 7;

/** Makes a record: a length, its checksum, the bytes, and their checksum. */
export function frame(bytes: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setBigUint64(0, BigInt(bytes.length), true);
  return joinBytes([head, checksum(head), bytes, checksum(bytes)]);
}

function checksum(bytes: Uint8Array): Uint8Array {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, maskedCrc32c(bytes), true);
  return four;
}

/** Makes the first event of a file. */
export function versionEvent(seconds: number): Uint8Array {
  return joinBytes([doubleField(1, seconds), textField(3, "brain.Event:2")]);
}

/** The time of a measurement: in seconds since 1970, and in steps. */
export interface Moment {
  readonly seconds: number;
  readonly step: number;
}

/** Makes an event that holds values. */
export function valuesEvent({ seconds, step }: Moment, values: readonly Uint8Array[]): Uint8Array {
  return joinBytes([doubleField(1, seconds), wholeField(2, step), messageField(5, ...values)]);
}

/** Makes a value that is a number. */
export function scalarValue(tag: string, value: number): Uint8Array {
  return messageField(1, textField(1, tag), singleField(2, value));
}

/** Makes a value that is a text in Markdown. */
export function textValue(tag: string, text: string): Uint8Array {
  const shape = messageField(2, messageField(2, wholeField(1, 1)));
  const tensor = messageField(8, wholeField(1, DT_STRING), shape, textField(8, text));
  const metadata = messageField(9, messageField(1, textField(1, "text")));
  return messageField(1, textField(1, tag), tensor, metadata);
}
