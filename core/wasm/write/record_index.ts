/**
 * Writes the function that records an index outside of its table. Several threads may record at the same time.
 *
 * @module
 */

import { record, recordBits } from "../../nest/index_checks.ts";
import { FunctionWriter } from "../encode/assembler.ts";
import { control } from "../encode/shared_memory.ts";

/** The address of a word of the record. */
const at = (word: number): number => control.record + 4 * word;

/** The function `(index, position, size, number)`; an index that is within its table is not recorded. */
export function recordFunction(): FunctionWriter {
  const writer = new FunctionWriter(["i32", "i32", "i32", "i32"]);
  const { code } = writer;
  const [index, position, size, number] = [0, 1, 2, 3];
  code.get(index).get(size).op("i32.ge_u").if();
  code.i32(0).i32(1).op("i32.atomic.rmw.or", at(record.found)).op("i32.eqz").if();
  code.i32(0).get(index).op("i32.atomic.store", at(record.index));
  code.i32(0).get(position).op("i32.atomic.store", at(record.position));
  code.i32(0).get(number).op("i32.atomic.store", at(record.number)).end();
  const { count, apart } = recordBits;
  code.get(position).get(number).i32(apart).op("i32.mul").op("i32.add").i32(count - 1).op("i32.and").set(position);
  code.get(position).i32(5).op("i32.shr_u").i32(2).op("i32.shl");
  code.i32(1).get(position).op("i32.shl").op("i32.atomic.rmw.or", at(record.bits)).op("drop");
  code.end();
  return writer;
}
