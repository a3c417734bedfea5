import { assert } from "@std/assert";
import { evaluateExpression } from "../../nest/evaluate.ts";
import type { Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import { Sketch } from "../testing.ts";
import { scatteredColumnsOf } from "./scattered_columns.ts";

/** The bytes after the copy that vectors may reach into. */
const PAST = 16;

/** The largest distance of a point of the depth, whose first loop has `most` iterations. */
function farthest(
  distance: Parameters<typeof evaluateExpression>[0],
  depth: readonly Variable[],
  most: number,
): number {
  let found = 0;
  const count = most * pointsOf(depth.slice(1));
  for (let point = 0; point < count; point++) {
    let rest = point;
    const counters = new Map<Variable, number>();
    for (const variable of depth.toReversed()) {
      counters.set(variable, variable === depth[0] ? rest : rest % variable.extent);
      rest = Math.floor(rest / variable.extent);
    }
    const never = (): never => {
      throw new Error("a distance depends on counters only");
    };
    found = Math.max(
      found,
      evaluateExpression(distance, { variable: (one) => counters.get(one)!, result: never, load: never }) as number,
    );
  }
  return found;
}

Deno.test("no vector of a tile reaches past the copy of the image", () => {
  let found = 0;
  for (const [channels, block] of [[1, 1], [5, 5], [12, 4]]) {
    for (const width of [13, 16, 30, 32, 47, 250]) {
      for (const height of [1, 2, 7, 40]) {
        for (const [rows, columns, dilation] of [[3, 3, 1], [5, 5, 1], [2, 3, 2], [1, 4, 3]]) {
          const s = new Sketch();
          const [n, y, x] = [s.variable("n", 6), s.variable("y", height), s.variable("x", width)];
          const depth = [s.variable("c", channels), s.variable("a", rows), s.variable("b", columns)];
          const slot = s.slot("f32", 1);
          const [inner, outer] = [width + (columns - 1) * dilation, height + (rows - 1) * dilation];
          const index = s.index(
            [n, channels * outer * inner],
            [depth[0], outer * inner],
            ...[[y, inner], [depth[1], dilation * inner], [x, 1], [depth[2], dilation]] as const,
          );
          const scattered = scatteredColumnsOf({
            columns: { variables: [n, y, x], value: s.load(slot, index), points: 6 * height * width },
            ...{ depth, depthBlock: block, tileRows: 16, tileColumns: 1024, panel: 32, otherTiles: 1, tiles: 8 },
          });
          if (!scattered) continue;
          found++;
          const images = Math.ceil((scattered.rows - 1) / scattered.group);
          const lastRow = scattered.rows - 1 + images * scattered.rowHalo;
          const end = lastRow * scattered.rowElements + scattered.width + farthest(scattered.distance, depth, block);
          assert(end <= scattered.elements + PAST, `${end} of ${scattered.elements}`);
        }
      }
    }
  }
  assert(found > 60, String(found));
});
