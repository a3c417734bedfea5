import { assertEquals, assertThrows } from "@std/assert";
import { ones, random } from "../core/mod.ts";
import { inputLayer, type Layer } from "../layers/mod.ts";
import { network } from "./network.ts";

const input = inputLayer({ shape: [null, 2] });

/** A network with a layer of one's own that starts with something. */
function startingWith(initial: unknown) {
  const own: object = {
    ...{ kind: "Own", name: "o", incoming: [input], outputShape: [null, 2], configuration: {} },
    init: () => initial,
    apply: (_: unknown, x: unknown, { state }: { state: unknown }) => ({ output: x, state }),
  };
  return network("n", own as Layer);
}

Deno.test("a layer of your own whose init returns something else is refused with its name", () => {
  for (const initial of [undefined, null, 5, [], {}, { params: {} }, { params: { W: 5 }, state: {} }, ones([2])]) {
    assertThrows(
      () => startingWith(initial).init(random.key(1)),
      TypeError,
      'Cannot initialize Own "o": expected init to return { params, state }, two records of tensors, got ',
    );
  }
  const { params } = startingWith({ params: { W: ones([2]) }, state: {} }).init(random.key(1));
  assertEquals(params.o.W.shape, [2]);
});
