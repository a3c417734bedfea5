import { assertEquals, assertThrows } from "@std/assert";
import { random } from "../../core/mod.ts";
import { randomFlip } from "../../data/augment/mod.ts";
import { denseLayer, dropout, inputLayer } from "../../layers/mod.ts";
import { sgd } from "../../optim/mod.ts";
import { network } from "../network.ts";
import { goalOf, overfitOf } from "./overfit_goal.ts";

Deno.test("the goal is a hundredth of the first loss, which cannot be below 0", () => {
  assertEquals([goalOf(50), goalOf(0)], [{ firstLoss: 50, goal: 0.5 }, { firstLoss: 0, goal: 0 }]);
  assertEquals([goalOf(Infinity).goal, goalOf(NaN).goal], [0, 0]);
  assertThrows(() => goalOf(-0.1), RangeError, "expected an objective whose least value is 0, got the loss -0.1");
});

Deno.test("examples are learned if the loss reaches the goal; otherwise the result names what works against that", () => {
  const input = inputLayer({ shape: [null, 2] });
  const first = denseLayer(input, { nUnits: 2, name: "first", l2: 0.1 });
  const second = denseLayer(dropout(first, { name: "drop" }), { nUnits: 1, name: "second", l1: 0 });
  const net = network("net", second);
  const { params } = net.init(random.key(1));
  const rule = { ...sgd(), learningRate: undefined };
  const found = (loss: number | null, task: object = {}) =>
    overfitOf(goalOf(50), { examples: 7, loss, task: { network: net, rule, augment: undefined, ...task }, params });
  for (const loss of [0.5, 0.1]) {
    assertEquals(found(loss), { examples: 7, firstLoss: 50, goal: 0.5, reached: true, lookAt: [] });
  }
  assertEquals([found(0.51).reached, found(null).reached], [false, false]);
  const [rate, noise, ...others] = found(1).lookAt;
  assertEquals(rate, "the learning rate, which may be too low or too high");
  assertEquals(noise.startsWith("noise and penalties, to leave out here: "), true);
  assertEquals([noise.includes("first"), noise.includes("drop"), noise.includes("second")], [true, true, false]);
  assertEquals(others.length, 4);
  const plain = network("plain", denseLayer(input, { nUnits: 1 }));
  assertEquals(found(1, { network: plain }).lookAt.length, 5);
  const one = network("one", denseLayer(input, { nUnits: 1, name: "only", l1: 0.1 }));
  const augment = [randomFlip({ imageShape: [1, 1, 2] })];
  const own = found(1, {
    network: one,
    augment,
    rule: { ...rule, changes: (path: string) => !/second.W$/.test(path) },
  });
  assertEquals(own.lookAt.slice(1, 4).map((line) => line.replace(/second.W/, "second.W")), [
    "the parameters that the update rule does not change: second.W",
    'noise and penalties, to leave out here: DenseLayer "only"',
    "the augmentation, to leave out here",
  ]);
  assertEquals(found(1, { network: plain, augment: [] }).lookAt.length, 5);
  const frozen = { ...rule, learningRate: 0.25, changes: (path: string) => !path.includes("second") };
  const [given, kept] = found(1, { rule: frozen }).lookAt;
  assertEquals(given, "the learning rate 0.25, which may be too low or too high");
  assertEquals(
    /^the parameters that the update rule does not change: \S*second\S*, \S*second\S*$/.test(kept),
    true,
    kept,
  );
  assertEquals(found(1, { rule: { ...rule, changes: () => true } }).lookAt.length, 6);
});
