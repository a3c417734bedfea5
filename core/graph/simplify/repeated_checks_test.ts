import { assertEquals } from "@std/assert";
import { noCheck, numberedCheck } from "../../nest/numbered_checks.ts";
import { type Node, parameter, topological } from "../node.ts";
import { makeNode } from "../ops.ts";
import { withoutRepeatedChecks } from "./repeated_checks.ts";

const indices = parameter(0, { shape: [3], dtype: "i32" });
const limit = { size: 4, action: "take", table: "it", entries: "rows" };
const check = makeNode("checked", [indices], numberedCheck(limit, [3]));
const mark = makeNode("checked", [check], noCheck);
const negative = (node: Node): Node => makeNode("neg", [node], {});

const checksIn = (roots: readonly Node[]): number => topological(roots).filter(({ op }) => op === "checked").length;

Deno.test("a check that is computed anyway is dropped from gradients, and every other one stays", () => {
  const both = withoutRepeatedChecks([negative(check), negative(mark)])!;
  assertEquals([both[0].inputs[0].op, both[1].inputs[0]], ["checked", indices]);
  const [alone] = withoutRepeatedChecks([negative(mark)])!;
  assertEquals([alone.inputs[0].op, checksIn([alone])], ["checked", 1]);
});

Deno.test("marks among what indices are computed from are found, too", () => {
  const outer = makeNode("checked", [negative(mark)], numberedCheck({ ...limit, size: 9 }, [3]));
  const [result] = withoutRepeatedChecks([makeNode("checked", [outer], noCheck)])!;
  assertEquals([result.op, result.inputs[0].inputs[0].op, checksIn([result])], ["checked", "checked", 2]);
  assertEquals(withoutRepeatedChecks([negative(check)]), undefined);
});
