import { assertEquals, assertNotEquals } from "@std/assert";
import { ones, tensor } from "../creation.ts";
import { constantNode } from "../constant_node.ts";
import type { Node } from "../graph/node.ts";
import { makeNode } from "../graph/ops.ts";
import { materialize } from "../runtime.ts";
import { scan } from "../scan.ts";
import type { Tensor } from "../tensor.ts";
import { graphOf } from "../../tests/oracle.ts";
import { isPassed, operationKey, storageOf } from "./operation_key.ts";
import "../wasm/default_device.ts";

const known = (...shape: number[]): Node => materialize(ones(shape).add(1).node);
const textOf = (node: Node): string | undefined => operationKey(node)?.text;
const [x, y] = [known(2, 3), known(2, 3)];

Deno.test("operations of one kind on tensors of one type have one key, and all others have other keys", () => {
  assertEquals(textOf(makeNode("add", [x, y], {})), textOf(makeNode("add", [y, x], {})));
  const whole = materialize(tensor(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3]).node);
  const different = [
    makeNode("add", [x, y], {}),
    makeNode("add", [x, x], {}),
    makeNode("mul", [x, y], {}),
    makeNode("add", [known(3, 2), known(3, 2)], {}),
    makeNode("add", [known(6), known(6)], {}),
    makeNode("add", [whole, whole], {}),
    makeNode("add", [x, makeNode("reshape", [known(6)], { shape: [2, 3] })], {}),
    makeNode("add", [makeNode("reshape", [known(6)], { shape: [2, 3] }), x], {}),
    makeNode("permute", [x], { axes: [1, 0] }),
    makeNode("permute", [x], { axes: [0, 1] }),
  ];
  assertEquals(new Set(different.map(textOf)).size, different.length);
});

Deno.test("uncommon numbers are passed, and common ones belong to the key, 0 and −0 too", () => {
  const times = (value: number): Node => makeNode("mul", [x, constantNode([2, 3], value, "f32")], {});
  assertEquals(textOf(times(1.25)), textOf(times(-7.5)));
  const { inputs, numbers } = operationKey(times(1.25))!;
  assertEquals([inputs.length, numbers.map(({ onHost }) => onHost?.[0])], [2, [1.25]]);
  assertEquals(operationKey(times(0.5))?.numbers, []);
  assertNotEquals(textOf(times(0.5)), textOf(times(2)));
  assertNotEquals(textOf(times(0)), textOf(times(-0)));
});

Deno.test("a tensor that is used twice is read once, and large graphs have no key", () => {
  assertEquals(operationKey(makeNode("add", [x, x], {}))?.inputs.length, 1);
  let sum = x;
  for (let i = 0; i < 40; i++) sum = makeNode("add", [sum, y], {});
  assertEquals(operationKey(sum), undefined);
});

Deno.test("a tensor or a number alone has a key, and so have graphs of up to 16 nodes", () => {
  assertEquals(operationKey(x)?.text, "f32[2,3];");
  assertEquals(operationKey(constantNode([2], 7.5, "f32"))?.text, "number [2];");
  const chain = (count: number): Node => {
    let node = x;
    for (let i = 1; i < count; i++) node = makeNode("neg", [node], {});
    return node;
  };
  assertEquals(textOf(chain(3)), "f32[2,3];neg  0;neg  1;");
  assertEquals([16, 17].map((count) => textOf(chain(count)) !== undefined), [true, false]);
});

Deno.test("what a loop or a function of its own computes has no key, and nothing above it has one", () => {
  const sum = (xs: Tensor): Tensor =>
    scan((c: Tensor, row: Tensor): [Tensor, null] => [c.add(row), null], xs.sum(), xs)[0];
  const [loop] = graphOf(sum, [{ shape: [3], dtype: "f32" }]).results;
  assertEquals(loop.op, "pick");
  const doubled = makeNode("neg", [loop], {});
  for (const node of [loop, loop.inputs[0], doubled, makeNode("neg", [doubled], {})]) {
    assertEquals(textOf(node), undefined);
  }
  assertEquals(textOf(makeNode("add", [known(), doubled], {})), undefined);
});

Deno.test("numbers of other types and tensors are not passed", () => {
  const number = constantNode([2], 1.25, "f32");
  assertEquals([number, constantNode([2], 3, "i32"), constantNode([2], 1, "f32"), x].map(isPassed), [
    true,
    ...[false, false, false],
  ]);
  if (isPassed(number)) assertEquals([...storageOf(number).onHost!], [1.25]);
});
