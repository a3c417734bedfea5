import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ones } from "../core/creation.ts";
import { jit, versionOf } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { scan } from "../core/scan.ts";
import { data } from "../data/data.ts";
import { digitsLoader } from "../data/digits/digits.ts";
import { logisticRegression } from "../layers/dense.ts";
import { inputLayer } from "../layers/input.ts";
import { model } from "../model/model.ts";
import { network } from "../model/network.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { lifetimesOf, planDiagram, planRows } from "./plan_diagram.ts";
import { assertReadable } from "./test_layout.ts";
import { partsOf, textsOf } from "./testing.ts";

testOnEveryDevice("kernels are listed in order, and memory is drawn from its writer to its readers", async () => {
  const product = jit((x: Tensor, w: Tensor) => x.matmul(w).tanh().matmul(w), { name: "<two> products" });
  const args = [ones([4, 4]), ones([4, 4])] as [Tensor, Tensor];
  const { compiled } = versionOf(product, ...args);
  const rows = planRows(compiled);
  assertEquals(rows.map(({ texts: [name] }) => name), ["1 dot+tanh", "2 dot+reshape"]);
  assertEquals(rows.map(({ texts }) => texts.slice(-2)), [["2", ""], ["1", "1"]]);
  const lives = lifetimesOf(rows, compiled);
  assertEquals(lives.map(({ bytes, written, read }) => [bytes, written, read]), [[64, 0, [1]]]);
  const { svg, description } = await planDiagram(product, { args });
  const texts = textsOf(svg);
  assertEquals([texts[0], texts.includes("64 B")], ["<two> products", true]);
  assertStringIncludes(description, "2 kernels on ");
  // The note is complete, and says what the marks are.
  const note = texts.at(-1)!;
  assertStringIncludes(note, " moved, 1 barriers, longest chain 2, ");
  assertStringIncludes(note, "of temporary memory. The lines are temporary memory: ● written, ○ read");
  assertReadable(svg);
  const [dot, ring] = partsOf(svg, "circle").map((circle) => Number(circle.getAttribute("cy")));
  const [first, second] = ["1 dot+tanh", "2 dot+reshape"].map((name) => {
    const text = partsOf(svg, "text").find(({ textContent }) => textContent === name)!;
    return Number(/translate\([^,]+,(\d+)\)/.exec(text.getAttribute("transform")!)![1]);
  });
  assertEquals([dot, ring], [first, second]);
});

testOnEveryDevice("the note says if there are fewer dispatches than kernels", async (kind) => {
  const both = jit((x: Tensor) => [x.matmul(x), x.sum({ axis: 0 }).exp()]);
  const { description } = await planDiagram(both, { args: [ones([4, 4])] });
  assertStringIncludes(description, `2 kernels ${kind === "webgpu" ? "in 1 dispatches on" : "on"} `);
});

Deno.test("kernels inside of a loop follow its head, indented", () => {
  const loop = jit((x: Tensor) =>
    scan((carry: Tensor, _: null) => [carry.mul(2).matmul(carry), null], x, null, { length: 5 })[0]
  );
  const rows = planRows(versionOf(loop, ones([2, 2])).compiled);
  const head = rows.findIndex(({ step }) => !step);
  assertEquals(rows[head].texts, ["repeat 5 times"]);
  assert(rows.some(({ depth, step }) => depth === 1 && step));
});

Deno.test("the step of a training can be inspected before the training starts", async () => {
  const input = inputLayer({ shape: [null, 784] });
  const untrained = model({
    network: network("softmax", [input, logisticRegression(input, { nClass: 10 })]),
    data: data(digitsLoader({ sizes: [20, 10, 10] })),
    hyperparameters: { batchSize: 10, nEpochs: 1 },
  });
  const { svg } = await planDiagram(await untrained.trainingStep(), { title: "A step" });
  const texts = textsOf(svg);
  assertEquals(texts[0], "A step");
  assertReadable(svg);
  assert(texts.some((text) => /^\d+ dot/.test(text)) && texts.some((text) => /^\d+ gather/.test(text)));
});

Deno.test("functions that were not made by jit, or never called, have no plan", async () => {
  await assertRejects(() => planDiagram((x: Tensor) => x), TypeError, "expected a function made by jit");
  await assertRejects(() => planDiagram(jit((x: Tensor) => x)), TypeError, "was never called");
});
