import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ExpressionTable } from "../nest/expression_table.ts";
import { showExpression } from "../nest/show.ts";
import { sizeOf } from "../shape.ts";
import { indexAtPosition, rowMajorPosition } from "./indices.ts";

const shape: fc.Arbitrary<number[]> = fc.array(fc.constantFrom(1, 2, 3, 4, 6), { maxLength: 4 })
  .filter((extents) => sizeOf(extents) <= 96);

Deno.test("flatten and unflatten are inverse", () => {
  fc.assert(
    fc.property(shape, (extents) => {
      const table = new ExpressionTable();
      const position = table.variable("p", sizeOf(extents));
      const index = indexAtPosition(table, extents, position);
      assert(rowMajorPosition(table, extents, index) === position || sizeOf(extents) === 1);
      const loops = extents.map((extent) => table.variable("i", extent));
      indexAtPosition(table, extents, rowMajorPosition(table, extents, loops)).forEach((i, axis) =>
        assertEquals(showExpression(i), extents[axis] === 1 ? "0" : loops[axis].name)
      );
    }),
    { seed: 5, numRuns: 200 },
  );
});
