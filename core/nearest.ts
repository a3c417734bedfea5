/**
 * The nearest known name, for messages about unknown names.
 *
 * @module
 */

/** Names whose distance exceeds this fraction of their length are no plausible misspellings. */
const FARTHEST_SHARE = 0.4;

/**
 * Returns the name in `known` that `name` most probably misspells, or `undefined` if none is near.
 *
 * Names are compared without regard to case, hyphens and underscores. Among equally near names the first is returned.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nearestName } from "./nearest.ts";
 *
 * assertEquals(nearestName("lenet6", ["mlp", "lenet5"]), "lenet5");
 * assertEquals(nearestName("transformer", ["mlp", "lenet5"]), undefined);
 * ```
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const plainName = plain(name);
  let nearest: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const plainCandidate = plain(candidate);
    const [{ length }, { length: other }] = [plainName, plainCandidate];
    const farthest = Math.max(1, Math.floor(FARTHEST_SHARE * Math.max(length, other)));
    if (Math.abs(length - other) > farthest) continue;
    const distance = editDistance(plainName, plainCandidate, Math.min(farthest, least - 1));
    if (distance !== undefined) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/**
 * Returns the end of a message about an unknown name: `: did you mean lenet5?`, or the list of known names if none is
 * near.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { suggestName } from "./nearest.ts";
 *
 * assertEquals(`unknown network lenet6${suggestName("lenet6", ["mlp", "lenet5"])}`, "unknown network lenet6: did you mean lenet5?");
 * assertEquals(suggestName("xyz", ["mlp", "lenet5"]), ": expected one of mlp, lenet5");
 * ```
 */
export function suggestName(name: string, known: Iterable<string>): string {
  const names = [...known];
  const nearest = nearestName(name, names);
  return nearest === undefined ? `: expected one of ${names.join(", ")}` : `: did you mean ${nearest}?`;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, "");
}

/**
 * Returns the least number of letters to insert, delete, replace, or swap with an adjacent one (the optimal string
 * alignment distance) between two words; undefined if they are more than `most`.
 */
function editDistance(a: string, b: string, most: number): number | undefined {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, replaced);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]; // before the first letter there is none
      if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    // From two rows on, the distance only grows.
    if (Math.min(...row, ...last) > most) return undefined;
    [beforeLast, last] = [last, row];
  }
  return last[b.length] > most ? undefined : last[b.length];
}
