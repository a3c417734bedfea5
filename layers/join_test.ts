import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { inputLayer } from "./input.ts";
import { addLayer, concatenateLayer } from "./join.ts";
import type { LayerShape } from "./layer.ts";

const inputs = (...shapes: LayerShape[]) => shapes.map((shape) => inputLayer({ shape }));
const mode = { train: false, state: {} };

Deno.test("outputs are joined along an axis, whose extents are added as far as they are known", async () => {
  const joined = (axis: number | undefined, ...shapes: LayerShape[]) =>
    concatenateLayer(inputs(...shapes), axis === undefined ? {} : { axis }).outputShape;
  assertEquals(joined(undefined, [null, 2], [null, 3], [null, 1]), [null, 6]);
  assertEquals(joined(-1, [null, 2, 3], [null, 2, 4]), [null, 2, 7]);
  assertEquals(joined(0, [2, 3], [4, 3]), [6, 3]);
  assertEquals(joined(0, [2, 3], [null, 3]), [null, 3]);
  assertEquals(joined(1, [null, 2, 5], [4, 3, null]), [4, 5, 5]);
  assertEquals(joined(1, [null, 2]), [null, 2]);
  const layer = concatenateLayer(inputs([null, 1], [null, 2]));
  const { output } = layer.apply({}, [tensor([[1], [2]]), tensor([[3, 4], [5, 6]])], mode);
  assertEquals(await output.toArray(), [[1, 3, 4], [2, 5, 6]]);
});

Deno.test("outputs are added, whose shapes are equal as far as they are known", async () => {
  assertEquals(addLayer(inputs([null, 2], [5, 2], [null, null])).outputShape, [5, 2]);
  assertEquals(addLayer(inputs([null, 2]), { name: "Sum" }).name, "Sum");
  const layer = addLayer(inputs([null, 2], [null, 2], [null, 2]));
  const { output } = layer.apply({}, [tensor([[1, 2]]), tensor([[10, 20]]), tensor([[100, 200]])], mode);
  assertEquals(await output.toArray(), [[111, 222]]);
});

Deno.test("outputs that do not fit together are refused", () => {
  const wrong: LayerShape[][] = [[[null, 2], [null, 3]], [[3, 2], [4, 2]], [[null, 2], [null, 2, 1]]];
  for (const shapes of wrong) assertThrows(() => addLayer(inputs(...shapes)), TypeError, "expected equal shapes");
  assertThrows(
    () => concatenateLayer(inputs([2, 2], [3, 5])),
    TypeError,
    "Cannot make ConcatenateLayer of [2, 2] and [3, 5]: expected equal shapes except for axis 1",
  );
  assertThrows(() => concatenateLayer(inputs([null, 2], [null, 2, 1])), TypeError, "except for axis 1");
  for (const join of [addLayer, concatenateLayer]) {
    assertThrows(() => join([]), TypeError, "expected at least one incoming layer");
    assertThrows(() => join(inputLayer({ shape: [null, 2] }) as never), TypeError, "Cannot join layers");
    assertThrows(() => Reflect.apply(join, undefined, [inputs([null, 2]), {}, 1]), TypeError);
  }
  assertThrows(() => concatenateLayer(inputs([null, 2]), { axis: 2 }), RangeError);
  assertThrows(() => concatenateLayer(inputs([null, 2]), { axis: -3 }), RangeError);
});
