import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { evaluateExpression } from "../../nest/evaluate.ts";
import type { Expression, Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { eachPoint } from "../wgsl/loops.ts";
import { staysInRow } from "./row_layout.ts";

const ROWS = 4;

/** An index as Σ factor · counter + constant, and a lower bound of the column below which nothing is accessed. */
interface Access {
  readonly stride: number;
  readonly factors: readonly [row: number, column: number, turn: number, parity: number];
  readonly constant: number;
  readonly from: number;
}

const access: fc.Arbitrary<Access> = fc.record({
  stride: fc.constantFrom(1, 3, 5),
  factors: fc.tuple(
    fc.constantFrom(1, 3, 5, 5, -3),
    fc.constantFrom(1, 1, 1, -1, 2, 4, 12, 20),
    fc.constantFrom(0, 4, 12, 12, 20, 20, -20),
    fc.constantFrom(0, 0, 20, -20, 1),
  ),
  constant: fc.integer({ min: -25, max: 45 }),
  from: fc.constantFrom(0, 0, 1, 2),
});

/** The rows of all elements that an access touches in one row are that row. */
function touchesOwnRow({ stride, factors, constant, from }: Access): { proved: boolean; holds: boolean } {
  const table = new ExpressionTable();
  const [row, column, turn] = [table.variable("i", ROWS), table.variable("j", 3), table.variable("t", 3)];
  const counters = [row, column, turn, table.remainder(turn, 2)];
  const index = table.affine(counters.map((counter, i) => [counter, factors[i]] as const), constant);
  const guard = from === 0 ? undefined : table.apply("le", "bool", [table.literal("i32", from), column]);
  const period = stride * ROWS;
  let holds = true;
  eachPoint([row, column, turn], (values) => {
    if (values[1] < from) return;
    const element = valueOf(index, [row, column, turn], values);
    holds &&= Math.floor((((element % period) + period) % period) / stride) === values[0];
  });
  return { proved: staysInRow(table, { index, guard, row }, { stride, period }), holds };
}

function valueOf(index: Expression, variables: readonly Variable[], values: readonly number[]): number {
  const none = () => 0;
  const variable = (one: Variable): number => values[variables.indexOf(one)];
  return evaluateExpression(index, { variable, result: none, load: none });
}

Deno.test("an access that is proved to stay in its row touches no element of another one", () => {
  let proved = 0;
  fc.assert(
    fc.property(access, (one) => {
      const found = touchesOwnRow(one);
      if (found.proved) proved++;
      assert(!found.proved || found.holds, JSON.stringify(one));
    }),
    { seed: 1, numRuns: 3000 },
  );
  assert(proved > 30, `only ${proved} are proved`);
});

Deno.test("rows in halves, in reversed turns and behind guards are found", () => {
  const proves = (parts: Partial<Access>): boolean =>
    touchesOwnRow({ stride: 3, factors: [3, 1, 0, 0], constant: 0, from: 0, ...parts }).proved;
  assert(proves({}));
  assert(proves({ factors: [3, 1, 12, 0] }), "all turns");
  assert(proves({ factors: [3, 1, -12, 0], constant: 36 }), "all turns, from the end");
  assert(proves({ factors: [3, 1, 0, -12], constant: 12 }), "the other half");
  assert(proves({ factors: [3, -1, 0, 0], constant: 2 }), "columns from the end");
  assert(proves({ constant: -1, from: 1 }), "from the second column on");
  assertEquals(proves({ constant: -1 }), false);
  assertEquals(proves({ constant: 3 }), false, "the next row");
  assertEquals(proves({ factors: [-3, 1, 0, 0], constant: 9 }), false, "rows from the end");
});
