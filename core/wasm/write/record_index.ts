/**
 * Writes the function that records an index outside of its table. Several threads may record at the same time.
 *
 * @module
 */

import { record } from "../../nest/index_checks.ts";
import { FunctionWriter } from "../encode/assembler.ts";
import { control } from "../encode/shared_memory.ts";

/** The address of a word of the record. */
const at = (word: number): number => control.record + 4 * word;

const BITS = Math.log2(record.positions);

/** The function `(index, position, size, number)`; an index that is within its table is not recorded. */
export function recordFunction(): FunctionWriter {
  const writer = new FunctionWriter(["i32", "i32", "i32", "i32"]);
  const { code } = writer;
  const [index, position, size, number, owner] = [0, 1, 2, 3, writer.local("i32")];
  code.get(index).get(size).op("i32.ge_u").if();
  code.i32(0).i32(1).op("i32.atomic.rmw.or", at(record.found)).op("i32.eqz").if();
  code.i32(0).get(index).op("i32.atomic.store", at(record.index));
  code.i32(0).get(position).op("i32.atomic.store", at(record.position));
  code.i32(0).get(number).op("i32.atomic.store", at(record.number)).end();
  // The thread that found the first index may not have stored the number yet.
  code.i32(0).op("i32.atomic.load", at(record.number)).tee(owner).op("i32.eqz");
  code.get(owner).get(number).op("i32.eq").op("i32.or").if();
  code.i32(0).get(position).i32(BITS).op("i32.shr_u").i32(0).op("i32.ne");
  code.op("i32.atomic.rmw.or", at(record.beyond)).op("drop");
  code.get(position).i32(3).op("i32.shr_u").i32(record.positions / 8 - 4).op("i32.and");
  code.i32(1).get(position).op("i32.shl").op("i32.atomic.rmw.or", at(record.bits)).op("drop");
  code.end().end();
  return writer;
}
