/**
 * Differences between plain data.
 *
 * @module
 */

import { isRecord, showJson } from "./json.ts";

/** The differences between two records, one text for each, such as `values.batchSize: 20, not 50`. */
export function differences(wanted: unknown, found: unknown, path = ""): string[] {
  if (!isRecord(wanted) || !isRecord(found)) {
    const [here, there] = [wanted, found].map((value) => value === undefined ? "none" : showJson(value));
    return JSON.stringify(wanted) === JSON.stringify(found) ? [] : [`${path}: ${here}, not ${there}`];
  }
  const keys = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...keys].flatMap((key) => differences(wanted[key], found[key], path === "" ? key : `${path}.${key}`));
}
