/**
 * Checks of indices in WGSL.
 *
 * Most kernels find nothing, but software drivers execute both sides of a condition. So where an index is used, only
 * its bit is set in the record, and the thread keeps the first index that it found until the end of the kernel.
 *
 * @module
 */

import type { Checked } from "../../nest/expression.ts";
import { record, recordBits } from "../../nest/index_checks.ts";

const word = (number: number): string => `&record[${number}]`;

/** The declarations of a module that checks indices. The record has this number among the bindings. */
export function checkDeclarations(binding: number): string[] {
  return [
    `@group(0) @binding(${binding}) var<storage, read_write> record: array<atomic<u32>, ${record.words}>;`,
    "var<private> found_number: u32;",
    "var<private> found_index: u32;",
    "var<private> found_position: u32;",
    `fn checked_index(index: i32, position: i32, size: u32, number: u32) -> i32 {
  if (u32(index) >= size) {
    let bit = (u32(position) + number * ${recordBits.apart}u) % ${recordBits.count}u;
    atomicOr(&record[${record.bits}u + bit / 32u], 1u << (bit % 32u));
    if (found_number == 0u) {
      found_number = number;
      found_index = u32(index);
      found_position = u32(position);
    }
  }
  return index;
}`,
    `fn record_found() {
  if (found_number != 0u && atomicOr(${word(record.found)}, 1u) == 0u) {
    atomicStore(${word(record.number)}, found_number);
    atomicStore(${word(record.index)}, found_index);
    atomicStore(${word(record.position)}, found_position);
  }
}`,
  ];
}

/** The value of a checked index, given the texts of the index and of its position. */
export function checkedText({ size, number }: Checked, index: string, position: string): string {
  return `checked_index(${index}, ${position}, ${size}u, ${number}u)`;
}

/** The last statement of a kernel that checks indices. */
export const recordStatement = "record_found();";
