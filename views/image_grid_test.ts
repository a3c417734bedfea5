import { assert, assertEquals, assertRejects } from "@std/assert";
import { decode } from "fast-png";
import { tensor } from "../core/creation.ts";
import { key } from "../core/random/bits.ts";
import { uniform } from "../core/random/distributions.ts";
import { autoEncoder } from "../layers/unsupervised/auto_encoder.ts";
import { batchNormalization } from "../layers/normalization/batch_normalization.ts";
import { convLayer } from "../layers/convolution/conv.ts";
import { denseLayer } from "../layers/dense.ts";
import { inputLayer } from "../layers/input.ts";
import type { Layer } from "../layers/layer.ts";
import { rbm } from "../layers/unsupervised/rbm.ts";
import { type Network, network } from "../model/network.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { filters, hasFilters } from "./filters.ts";
import { imageGrid } from "./image_grid.ts";
import { rbmSamples, reconstructions } from "./reconstructions.ts";
import { assertReadable } from "./test_layout.ts";
import { partsOf, textsOf } from "./testing.ts";
import { background } from "./theme.ts";

/** The bytes of the images of a picture, row by row. */
function pixelsOf(svg: string): { width: number; height: number; data: number[] }[] {
  return partsOf(svg, "image").map((image) => {
    const [, content] = image.getAttribute("href")!.split("base64,");
    const { width, height, data } = decode(Uint8Array.fromBase64(content));
    return { width, height, data: [...data] };
  });
}

function netOf(...layers: readonly Layer[]): Network {
  const net = network("net", layers);
  return net.withWeights(net.init(key(1)));
}

Deno.test("images are in a PNG file inside of the picture, zoomed without smoothing", async () => {
  const images = tensor([[0, 1, 0.2, 0], [1, 1, 1, 1]]);
  const { svg } = await imageGrid([{ label: "two <images>", images }], { width: 100 });
  const [{ width: columns, height, data }] = pixelsOf(svg);
  assertEquals([columns, height], [7, 4]);
  assertEquals(data.slice(7, 21), [128, 0, 255, 128, 255, 255, 128, 128, 51, 0, 128, 255, 255, 128]);
  const [image] = partsOf(svg, "image");
  assertEquals(image.getAttribute("width"), "70");
  assert(textsOf(svg).includes("two <images>"));
});

Deno.test("each image has a frame in the color of text, and the gaps have that of the page", async () => {
  const images = [[1, 1, 1, 1], [0, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]];
  for (const width of [1, 12, 20, 640]) {
    const { svg } = await imageGrid([{ label: "a label that is much longer than the images", images }], {
      ...{ columns: 2, width },
    });
    const [page, frames] = partsOf(svg, "svg svg path");
    assertEquals([page.getAttribute("fill"), frames.getAttribute("stroke")], [background[0], "currentColor"]);
    assertEquals(frames.getAttribute("d")!.split("M").length - 1, 3);
    const [image] = partsOf(svg, "image");
    const zoom = Number(image.getAttribute("width")) / 7;
    const [, x, y, side] = /^M([-\d.]+),([-\d.]+)h([\d.]+)/.exec(frames.getAttribute("d")!)!.map(Number);
    const top = Number(image.getAttribute("y"));
    // The color of the page covers the picture, and a pixel around it.
    const [wide, high] = ["width", "height"].map((extent) => Number(image.getAttribute(extent)) + 2);
    const ground = `M-1,${top - 1}h${wide}v${high}h${-wide}Z`;
    assert(page.getAttribute("d")!.startsWith(ground), `${page.getAttribute("d")} and ${ground}`);
    // It is around the first image, within the gap before it.
    assert(x >= 0 && x < zoom && x + side > 3 * zoom && y - top >= 0 && y - top < zoom, `${x} ${y} ${side}`);
    assertReadable(svg);
  }
});

Deno.test("images that are not square need a shape that fits", async () => {
  const images = [[0, 1, 1]];
  await assertRejects(() => imageGrid([{ images }]), RangeError, "images of 3 pixels: they are not square");
  await assertRejects(
    () => imageGrid([{ images }], { imageShape: [2, 2] }),
    RangeError,
    "3 numbers as an image of [2, 2]",
  );
  assertEquals(pixelsOf((await imageGrid([{ images }], { imageShape: [1, 3] })).svg)[0].width, 5);
});

testOnEveryDevice("filters of dense layers are the columns of their weights, from black to white", async () => {
  const input = inputLayer({ shape: [null, 4] });
  const net = network("net", [input, denseLayer(input, { nUnits: 2, name: "Dense" })]);
  const W = tensor([[-1, 0], [3, 0], [1, 0], [1, 5]]); // [input, unit]
  const { svg } = await filters(net.withWeights({ params: { Dense: { W, b: tensor([0, 0]) } }, state: {} }));
  const [{ data }] = pixelsOf(svg);
  assertEquals(data.slice(7, 21), [128, 0, 255, 128, 0, 0, 128, 128, 128, 128, 128, 0, 255, 128]);
});

Deno.test("filters of convolutions are drawn channel by channel", async () => {
  const input = inputLayer({ shape: [null, 2, 6, 6] });
  const net = netOf(input, convLayer(input, { filterShape: [3, 2, 2, 3] }));
  assertEquals((await filters(net)).description, "Filters of ConvLayer 1: 6 images of 2 by 3 pixels");
  assertEquals(textsOf((await filters(net, { most: 4 })).svg).at(-1), "4 of 6 filters");
  assertEquals(textsOf((await filters(net, { most: 6 })).svg).at(-1), "Filters of ConvLayer 1");
  const hasOf = (rows: number, columns: number) =>
    hasFilters(netOf(input, convLayer(input, { filterShape: [3, 2, rows, columns] })));
  assertEquals([hasOf(1, 1), hasOf(1, 2), hasOf(2, 1)], [false, true, true]);
});

Deno.test("filters after layers that keep the image are found, others are not", async () => {
  const input = inputLayer({ shape: [null, 9] });
  const normalized = batchNormalization(input);
  const net = netOf(input, normalized, denseLayer(normalized, { nUnits: 4, name: "Dense" }));
  assertEquals((await filters(net)).description, "Filters of Dense: 4 images of 3 by 3 pixels");
  const row = inputLayer({ shape: [null, 7] });
  const odd = netOf(row, denseLayer(row, { nUnits: 4, name: "Dense" }));
  assertEquals([hasFilters(net), hasFilters(odd), hasFilters(network("net", [row]))], [true, false, false]);
  await assertRejects(() => filters(odd), RangeError, "its 7 inputs are not a square image");
  await assertRejects(() => filters(netOf(row)), RangeError, "none of its layers has weights for images");
  await assertRejects(() => filters(network("net", [row])), TypeError, "neither trained nor loaded");
});

testOnEveryDevice("reconstructions are below their images, with the requested number per row", async () => {
  const input = inputLayer({ shape: [null, 4] });
  const net = network("net", [input, autoEncoder(input, { nUnits: 1, name: "Code", activation: "linear" })]);
  const params = { W: tensor([[1], [0], [0], [0]]), b: tensor([0]), b_prime: tensor([0, 0, 100, -100]) };
  const carrying = net.withWeights({ params: { Code: params }, state: {} });
  const { svg } = await reconstructions(carrying, tensor([[0, 0, 0, 0], [1, 1, 1, 1]]), { columns: 1 });
  const rows = pixelsOf(svg).map(({ data }) => [data[5], data[6], data[9], data[10]]);
  assertEquals(rows, [[0, 0, 0, 0], [128, 128, 255, 0], [255, 255, 255, 255], [186, 128, 255, 0]]);
});

testOnEveryDevice("reconstructions that fill several rows are in order, and the last row may be shorter", async () => {
  const input = inputLayer({ shape: [null, 4] });
  const net = network("net", [input, autoEncoder(input, { nUnits: 1, name: "Code", activation: "linear" })]);
  const params = { W: tensor([[1], [0], [0], [0]]), b: tensor([0]), b_prime: tensor([0, 0, 0, 0]) };
  const carrying = net.withWeights({ params: { Code: params }, state: {} });
  const images = tensor([[0, 0, 0, 0], [0.2, 0.2, 0.2, 0.2], [0.4, 0.4, 0.4, 0.4]]);
  const rows = pixelsOf((await reconstructions(carrying, images, { columns: 2 })).svg);
  const levels = rows.map(({ data }) => [...new Set(data)].filter((level) => [0, 51, 102].includes(level)).sort());
  assertEquals([rows.length, levels[0], levels[2]], [4, [0, 51], [102]]);
});

testOnEveryDevice("samples of a machine follow its biases, with a row for each number of steps", async () => {
  const input = inputLayer({ shape: [null, 4] });
  const net = network("net", [input, rbm(input, { nUnits: 1, name: "Machine" })]);
  const params = { W: tensor([[0], [0], [0], [0]]), b: tensor([0]), b_hidden: tensor([-100, 100, 100, -100]) };
  const carrying = net.withWeights({ params: { Machine: params }, state: {} });
  const { svg } = await rbmSamples(carrying, uniform(key(1), [3, 4]), { turns: [1, 4] });
  assertEquals(textsOf(svg).slice(1), ["after 1 step of Gibbs sampling", "after 4 steps of Gibbs sampling"]);
  for (const { data } of pixelsOf(svg)) assertEquals([data[11], data[12], data[21], data[22]], [0, 255, 255, 0]);
});

Deno.test("a network without an unsupervised layer cannot reconstruct its input", async () => {
  const input = inputLayer({ shape: [null, 4] });
  const net = netOf(input, denseLayer(input, { nUnits: 1 }));
  const expected = "expected an autoencoder or a restricted Boltzmann machine";
  await assertRejects(() => reconstructions(net, tensor([[0, 0, 0, 0]])), RangeError, expected);
  await assertRejects(() => rbmSamples(net, tensor([[0, 0, 0, 0]]), { layer: "InputLayer 1" }), RangeError, expected);
  await assertRejects(() => rbmSamples(net, tensor([[0]]), { layer: "Machine" }), RangeError, "Machine");
});

Deno.test("weights of a square number of inputs are filters, except those of a single one", () => {
  for (
    const [inputs, expected] of [[1, false], [2, false], [3, false], [4, true], [5, false], [9, true], [
      10,
      false,
    ]] as const
  ) {
    const input = inputLayer({ shape: [null, inputs] });
    assertEquals(hasFilters(netOf(input, denseLayer(input, { nUnits: 3 }))), expected, `${inputs} inputs`);
  }
  const six = inputLayer({ shape: [null, 6] });
  const net = netOf(six, denseLayer(six, { nUnits: 3 }));
  assertEquals([hasFilters(net, [2, 3]), hasFilters(net, [2, 2])], [true, false]);
});
