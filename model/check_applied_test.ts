import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { grad, jit, random, type Shape, Tensor, zeros } from "../core/mod.ts";
import { data, samples } from "../data/mod.ts";
import { denseLayer, inputLayer, type Layer, logisticRegression } from "../layers/mod.ts";
import { meanSquaredError } from "../optim/mod.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { model } from "./model.ts";
import { network } from "./network.ts";

interface OwnLayer {
  readonly declares?: Layer["outputShape"];
  readonly returns: (x: Tensor) => unknown;
}

const input = inputLayer({ shape: [null, 4], name: "x" });

/** A layer of one's own that returns something else than it declares. */
function own({ declares = [null, 3], returns }: OwnLayer): Layer {
  const apply = (_params: unknown, x: unknown, { state }: { readonly state: object }) => {
    const output = returns(x as Tensor);
    return output instanceof Tensor ? { output, state } : output;
  };
  return {
    kind: "Own",
    name: "mine",
    incoming: [input],
    outputShape: declares,
    configuration: {},
    init: () => ({ params: {}, state: {} }),
    apply: apply as Layer["apply"],
  };
}

/** A network in which the layer is followed by one that takes its output. */
function around(layer: Layer) {
  return network("net", [input, layer, logisticRegression(layer, { nClass: 2, name: "last" })]);
}

/** Applies a network to zeros. */
function applied(layer: Layer, net = around(layer), shape: Shape = [5, 4]) {
  const { params, state } = net.init(random.key(1));
  return () => net.apply(params, zeros(shape), { train: false, state }).output;
}

const wrong = 'Cannot apply network "net": expected Own "mine" to return an output of the shape [any, 3], ' +
  "which it declares as outputShape, got";

testOnEveryDevice("a layer that returns another shape than it declares is named itself, not the next one", async () => {
  const first3 = (x: Tensor): Tensor => x.slice([0, 0], [x.shape[0], 3]);
  assertEquals((await applied(own({ returns: first3 }))().data()).length, 10);
  for (
    const [returns, got] of [
      [(x: Tensor) => x, "[5, 4]"],
      [(x: Tensor) => x.sum({ axis: 0 }), "[4]"],
      [(x: Tensor) => x.sum(), "[]"],
      [(x: Tensor) => first3(x).reshape([5, 3, 1]), "[5, 3, 1]"],
    ] as const
  ) {
    assertThrows(applied(own({ returns })), TypeError, `${wrong} ${got}`);
    // In compiled functions and their gradients, too; and if the layer is the last one.
    const net = around(own({ returns }));
    const { params, state } = net.init(random.key(1));
    const cost = (x: Tensor) => net.apply(params, x, { train: false, state }).output.sum();
    assertThrows(() => jit(cost)(zeros([5, 4])), TypeError, `${wrong} ${got}`);
    assertThrows(() => jit(grad(cost))(zeros([5, 4])), TypeError, `${wrong} ${got}`);
    assertThrows(applied(own({ returns }), network("net", [input, own({ returns })])), TypeError, `${wrong} ${got}`);
  }
  // Extents that are null may be any, and an extent of 0 is one.
  for (const batch of [0, 1, 7]) {
    const layer = own({ declares: [null, null], returns: (x) => x });
    assertEquals((await applied(layer, network("net", [input, layer]), [batch, 4])().data()).length, 4 * batch);
  }
});

Deno.test("a training says which layer returns another shape than it declares", async () => {
  const layer = own({ returns: (x) => x });
  const set = { x: samples([[1, 2, 3, 4]]), y: samples([[1]]) };
  const net = network("net", [input, layer, denseLayer(layer, { nUnits: 1, activation: "linear" })]);
  const untrained = model({ network: net, data: data([set, set]), objective: meanSquaredError });
  const train = () => untrained.with({ hyperparameters: { batchSize: 1, nEpochs: 1 } }).train();
  await assertRejects(train, TypeError, 'expected Own "mine" to return an output of the shape [any, 3]');
});

Deno.test("a layer that returns no tensor, or no state, is named", () => {
  const text =
    'Cannot apply network "net": expected Own "mine" to return { output, state } with a tensor as output, got';
  for (
    const [returned, got] of [
      [undefined, "undefined"],
      [[1, 2, 3], "[1, 2, 3]"],
      [{ output: 3, state: {} }, "{ output: 3"],
      [{ output: zeros([5, 3]) }, "{ output: a Tensor }"],
    ] as const
  ) assertThrows(applied(own({ returns: () => returned })), TypeError, `${text} ${got}`);
});
