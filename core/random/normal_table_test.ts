import { assert, assertEquals } from "@std/assert";
import { normalTable, PARTS, QUANTUM } from "./normal_table.ts";

/** Upper tails of the standard normal distribution, and where they begin, by mpmath 1.3 with 30 digits. */
const quantiles: readonly (readonly [number, number])[] = [
  [2 ** -26, 5.54259405780294],
  [2 ** -2, 0.6744897501960817],
  [2 ** -5, 1.862731867421651],
  [2 ** -10, 3.097269078198784],
  [2 ** -20, 4.763001034267814],
];

Deno.test("the table has the quantiles of powers of 2, and falls to 0", () => {
  const table = normalTable();
  assertEquals(table.length, 25 * PARTS + 1);
  for (const [probability, quantile] of quantiles) {
    const octave = Math.log2(probability) + 26;
    assertEquals(table[octave * PARTS], Math.round(quantile / QUANTUM), `${probability}`);
  }
  assertEquals(table.at(-1), 0);
  assert(table.every((one, i) => i === 0 || one < table[i - 1]));
});

Deno.test("every quantile is as recorded", () => {
  let hash = 0x811c9dc5;
  for (const quantile of normalTable()) hash = Math.imul(hash ^ quantile, 0x01000193);
  assertEquals(hash >>> 0, 1447173162);
});
