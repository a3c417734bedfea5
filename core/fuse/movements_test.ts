import { assert, assertEquals } from "@std/assert";
import type { Node } from "../graph/node.ts";
import { eachIndex, positionOf } from "../graph/reference.ts";
import { allExamples, describe, distinct, type Movement, valuesOf } from "../graph/primitives/test_movements.ts";
import type { Expression } from "../nest/expression.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { Shape } from "../shape.ts";
import type { Index } from "./indices.ts";
import { originOf, targetOf } from "./movements.ts";

/** The value of an expression without loops. */
function numberOf(expression: Expression): number {
  assert(expression.kind === "literal", expression.kind);
  return expression.value;
}

/** Calls `visit` with all indices of a shape, as numbers and as expressions. */
function eachPoint(table: ExpressionTable, shape: Shape, visit: (index: number[], place: Index) => void): void {
  eachIndex(shape, (index) => visit([...index], index.map((i) => table.literal("i32", i))));
}

/** The value of an element, taken from the source in the row of its movement. */
function valueAt(node: Node<Movement>, place: Index, table: ExpressionTable): number {
  const { pieces, fill } = originOf(node, place, table);
  const inputs = distinct(node);
  const piece = pieces.findLast(({ inside }) => !inside || numberOf(inside) !== 0);
  if (!piece) return fill!;
  const { shape, values } = inputs[node.inputs.indexOf(piece.input)];
  return values[positionOf(shape, piece.index.map(numberOf))];
}

Deno.test("each element comes from the same position as in the reference", () => {
  for (const node of allExamples) {
    const table = new ExpressionTable();
    const expected = valuesOf(node, distinct(node));
    eachPoint(table, node.shape, (index, place) => {
      const at = `${describe(node)} at [${index}]`;
      assertEquals(valueAt(node, place, table), expected[positionOf(node.shape, index)], at);
    });
  }
});

Deno.test("origin and target are inverse at all points of both sides", () => {
  for (const node of allExamples) {
    const table = new ExpressionTable();
    const [{ shape }] = node.inputs;
    eachPoint(table, shape, (index, place) => {
      const target = targetOf(node, place, table);
      if (!target) return;
      const { pieces: [{ index: source }] } = originOf(node, target, table);
      assertEquals(source.map(numberOf), index, describe(node));
    });
    eachPoint(table, node.shape, (index, place) => {
      const { pieces: [{ index: source }] } = originOf(node, place, table);
      const target = targetOf(node, source, table);
      if (target) assertEquals(target.map(numberOf), index, describe(node));
    });
  }
});

Deno.test("exactly the bijections have a target", () => {
  const table = new ExpressionTable();
  const withTarget = allExamples.filter((node) => {
    const place = node.inputs[0].shape.map(() => table.literal("i32", 0));
    return targetOf(node, place, table) !== undefined;
  });
  const expected = ["reshape", "permute", "flip", "stop", "barrier", "clipGradient", "checked"];
  assertEquals([...new Set(withTarget.map(({ op }) => op))], expected);
});
