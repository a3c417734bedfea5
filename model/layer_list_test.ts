import { assert, assertEquals, assertThrows } from "@std/assert";
import { denseLayer, inputLayer, type Layer } from "../layers/mod.ts";
import { countOperations } from "../tests/count_operations.ts";
import { LayerList } from "./layer_list.ts";
import { network } from "./network.ts";
import { networkFromConf } from "./files/network_configuration.ts";

const input = inputLayer({ shape: [null, 2] });

/** A chain of layers. */
function chainOf(count: number): Layer[] {
  const layers: Layer[] = [input];
  while (layers.length < count) layers.push(denseLayer(layers.at(-1)!, { nUnits: 2 }));
  return layers;
}

Deno.test("the work of making a network grows in proportion to its layers", () => {
  const work = (count: number): number => {
    const layers = chainOf(count);
    return countOperations(() => void network("chain", layers));
  };
  assert(work(400) < 4.5 * work(100), `${work(400)} for 400 layers, ${work(100)} for 100`);
  const fromConf = (count: number): number => {
    const conf = network("chain", chainOf(count)).toConf();
    return countOperations(() => void networkFromConf(conf));
  };
  assert(fromConf(400) < 4.5 * fromConf(100), `${fromConf(400)} for 400 layers, ${fromConf(100)} for 100`);
});

Deno.test("numbers of layers without names skip names that are taken", () => {
  const list = new LayerList("own");
  list.add(input);
  list.add(denseLayer(input, { nUnits: 1, name: "DenseLayer 2" }));
  list.add(denseLayer(input, { nUnits: 1 }));
  list.add(denseLayer(input, { nUnits: 1 }));
  assertEquals(list.layers.map(({ name }) => name), [
    ...["InputLayer 1", "DenseLayer 2", "DenseLayer 3", "DenseLayer 4"],
  ]);
  const more = new LayerList("own", list.layers.slice(0, 1));
  assertThrows(() => more.add(input), TypeError, "already contains it");
});
