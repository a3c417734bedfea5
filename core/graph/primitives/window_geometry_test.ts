import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isDisjoint } from "./window_geometry.ts";

Deno.test("windows are disjoint if no element is in two of them", () => {
  const extent = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(extent, extent, extent, (size, stride, dilation) => {
      const taps = Array.from({ length: 5 * size }, (_, i) => Math.floor(i / size) * stride + i % size * dilation);
      const alone = new Set(taps).size === taps.length;
      // Interleaved taps of dilated windows cannot be told apart by a quotient.
      const expected = alone && (dilation === 1 || size === 1);
      const disjoint = isDisjoint({ size: [size], strides: [stride], dilations: [dilation] });
      assert(!disjoint || expected, `${size} ${stride} ${dilation}`);
      if (dilation === 1) assertEquals(disjoint, expected);
    }),
    { seed: 6, numRuns: 200 },
  );
});
