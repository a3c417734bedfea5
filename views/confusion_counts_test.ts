import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { confusionMatrix } from "./confusion_matrix.ts";
import { confusionOf, countConfusion } from "./confusion_counts.ts";
import { data } from "../data/data.ts";
import { samples } from "../data/samples.ts";
import { inputLayer } from "../layers/input.ts";
import { denseLayer, logisticRegression } from "../layers/dense.ts";
import { model } from "../model/model.ts";
import { network } from "../model/network.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { assertReadable } from "./test_layout.ts";
import { partsOf, textsOf } from "./testing.ts";
import { bad } from "./theme.ts";

Deno.test("rows are true classes, columns predicted ones", () => {
  const { counts, total, wrong } = countConfusion([2, 2, 0], [1, 2, 1], 4);
  assertEquals(counts, [[0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]);
  assertEquals([total, wrong], [3, 2]);
  assertEquals(countConfusion([], []).counts, []);
});

Deno.test("invalid classes are refused, and so are more predictions than targets", () => {
  assertThrows(
    () => countConfusion([3], [0], 3),
    RangeError,
    "class 3 of example 0: expected a whole number from 0 to 2",
  );
  assertThrows(() => countConfusion([0], [0.5], 3), RangeError, "class 0.5");
  assertThrows(() => countConfusion([0, 1], [0]), RangeError, "2 predictions with 1 targets");
});

testOnEveryDevice("a model is evaluated on its test set, whose classes may be one-hot rows", async () => {
  const set = { x: samples([[1, 0], [0, 1], [1, 0]]), y: Int32Array.of(0, 1, 1) };
  const input = inputLayer({ shape: [null, 2] });
  const net = network("net", [input, logisticRegression(input, { nClass: 2, name: "Last" })]);
  const weights = { params: { Last: { W: tensor([[1, 0], [0, 1]]), b: tensor([0, 0]) } }, state: {} };
  const trained = model({ network: net.withWeights(weights), data: data([set, set, set]) });
  assertEquals((await confusionOf(trained)).counts, [[1, 0], [1, 1]]);
  const some = { x: tensor([[0, 1]]), y: tensor([[1, 0]]) };
  assertEquals((await confusionOf(trained, some)).counts, [[0, 1], [0, 0]]);
  const regression = trained.with({ network: network("line", [input, denseLayer(input, { nUnits: 2 })]) });
  for (const lacking of [{ x: some.x }, { y: some.y }, 1, null]) {
    await assertRejects(() => confusionOf(trained, lacking as never), TypeError, "a set with the tensors x and y");
  }
  await assertRejects(() => confusionOf(regression), TypeError, 'confusions of network "line": expected a softmax');
});

testOnEveryDevice("an output that is NaN predicts the class −1, which is not counted", async () => {
  const set = { x: samples([[1, 0], [0, 1]]), y: Int32Array.of(0, 0) };
  const input = inputLayer({ shape: [null, 2] });
  const net = network("net", [input, logisticRegression(input, { nClass: 2, name: "Last" })]);
  const weights = { params: { Last: { W: tensor([[1, 0], [NaN, 1]]), b: tensor([0, 0]) } }, state: {} };
  const trained = model({ network: net.withWeights(weights), data: data([set, set, set]) });
  assertEquals(await trained.predict(tensor([[1, 0], [0, 1], [2, 1]])).toArray(), [-1, -1, -1]);
  await assertRejects(() => confusionOf(trained), RangeError, 'network "net": its output for example 0 is NaN');
});

Deno.test("cells are at their classes, and are stronger if they hold more examples", async () => {
  const { svg, description } = await confusionMatrix(countConfusion([0, 0, 0, 0, 1, 1, 0], [0, 0, 0, 1, 1, 1, 1]));
  const rects = partsOf(svg, "svg svg g rect").map((rect) =>
    ["x", "y", "fill-opacity"].map((name) => rect.getAttribute(name))
  );
  assertEquals(rects.length, 3);
  const [[x0, y0, full], [x1, y1, half], [x2, y2]] = rects;
  assert(Number(full) > Number(half));
  // The two correct cells are on the diagonal, the wrong one below the first of them.
  assert(Number(x0) < Number(x1) && Number(y0) < Number(y1));
  assertEquals([x2, y2], [x0, y1]);
  assertEquals(partsOf(svg, `g[fill="${bad[0]}"] rect, rect[fill="${bad[0]}"]`).length, 1);
  assert(textsOf(svg).includes("predicted class"));
  assertEquals(description, "Confusion matrix: 2 of 7 examples misclassified, 28.57 %");
});

Deno.test("a matrix says how many of all examples were misclassified, also if there is one, or none", async () => {
  const noteOf = async (predicted: number[], targets: number[]): Promise<string> =>
    (await confusionMatrix(countConfusion(predicted, targets, 2))).description;
  assertEquals(await noteOf([], []), "Confusion matrix: 0 of 0 examples misclassified, 0.00 %");
  assertEquals(await noteOf([1], [0]), "Confusion matrix: 1 of 1 examples misclassified, 100.00 %");
  assertEquals(await noteOf([1], [1]), "Confusion matrix: 0 of 1 examples misclassified, 0.00 %");
  assertEquals((await confusionMatrix(countConfusion([], []))).description, await noteOf([], []));
  assert(!/NaN|Infinity/.test((await confusionMatrix(countConfusion([], []))).svg));
  const many = { counts: [[2_000_000, 12_345], [0, 987_655]], total: 3_000_000, wrong: 12_345 };
  const { description } = await confusionMatrix(many);
  assertEquals(description, "Confusion matrix: 12,345 of 3,000,000 examples misclassified, 0.41 %");
});

Deno.test("cells of few classes are neither tiny nor huge, and those of many share the width", async () => {
  const sizeOf = async (classes: number, width: number): Promise<number[]> => {
    const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(1));
    const labels = counts.map((_, i) => `c${i}`);
    const { width: wide, height } = await confusionMatrix({ counts, total: classes ** 2, wrong: 0 }, { labels, width });
    return [wide, height];
  };
  const [none, one, two] = [await sizeOf(0, 420), await sizeOf(1, 420), await sizeOf(2, 270)];
  assertEquals(await sizeOf(2, 2000), two);
  assertEquals(one[1], two[1]);
  assert(none[0] > 0 && none[0] <= one[0] && none[1] > 0 && none[1] < one[1], `${none} and ${one}`);
  const [[few], [more], [many]] = [await sizeOf(10, 420), await sizeOf(10, 2000), await sizeOf(100, 420)];
  assert(few > 420 && few < 520 && more > few && many > 420 && many < 520, `${few}, ${more}, ${many}`);
});

Deno.test("labels are text, equal ones are refused, and of very many only some are written", async () => {
  const confusion = countConfusion([0, 1], [0, 1]);
  const { svg } = await confusionMatrix(confusion, { labels: ["<b>", "a very long name of a class"] });
  assert(textsOf(svg).includes("<b>") && textsOf(svg).includes("a very long nam…"));
  await assertRejects(() => confusionMatrix(confusion, { labels: ["a", "a"] }), RangeError, "Cannot label 2 classes");
  const many = Array.from({ length: 100 }, (_, i) => i);
  const { svg: large } = await confusionMatrix(countConfusion(many, many));
  assert(textsOf(large).length < 80);
});

Deno.test("in matrices of all sizes nothing overlaps or is cut off, and numbers fit their cells", async () => {
  const names = (count: number, start: string) => Array.from({ length: count }, (_, i) => `${start}${i}`);
  for (const count of [1, 2, 3, 10, 26, 45]) {
    for (const examples of [1, 12345, 98765432]) {
      const counts = Array.from(
        { length: count },
        (_, i) => Array.from({ length: count }, (_, j) => i === j ? examples : (i * 7 + j) % 5 === 0 ? 3 : 0),
      );
      const confusion = { counts, total: count * examples, wrong: 0 };
      for (const labels of [undefined, names(count, "class "), names(count, "a very long name of a class ")]) {
        for (const width of [270, 420]) {
          const { svg } = await confusionMatrix(confusion, labels ? { labels, width } : { width });
          assertReadable(svg, `${count} classes of ${examples}, ${labels?.[0]}, ${width}`);
        }
      }
    }
  }
  const { svg } = await confusionMatrix({ counts: [[1234567, 0], [5, 7654321]], total: 8888893, wrong: 5 });
  assert(textsOf(svg).includes("1,234,567") && !textsOf(svg).includes("1.23M"));
});

Deno.test("cells without examples have no number", async () => {
  const { svg } = await confusionMatrix({ counts: [[12, 0], [0, 34]], total: 46, wrong: 0 }, { labels: ["a", "b"] });
  assertEquals(textsOf(svg).filter((text) => /^\d+$/.test(text)).sort(), ["12", "34"]);
});

Deno.test("long labels that begin alike stay different", async () => {
  const labels = ["a very long name of a cat", "a very long name of a dog"];
  const { svg } = await confusionMatrix(countConfusion([0, 1], [0, 1]), { labels });
  assert(textsOf(svg).includes("a very l…f a cat") && textsOf(svg).includes("a very l…f a dog"), textsOf(svg).join());
});
