/**
 * The page's worker: a small convolutional network learns synthetic digits and reports its progress.
 *
 * The page stays responsive, and in a worker WebAssembly can use several threads. Start it with `deno task browser`.
 *
 * @module
 */

import {
  convPoolLayer,
  data,
  type DeviceChoice,
  deviceInfo,
  digitsLoader,
  flattenLayer,
  inputLayer,
  logisticRegression,
  model,
  momentum,
  network,
  reshapeLayer,
  setDevice,
  tensor,
} from "@yadll/yadll";

/** The number of digits to show at the end. */
const SHOWN = 40;

/** Messages to the page. */
type News =
  | { readonly event: "device"; readonly kind: string; readonly name: string }
  | {
    readonly event: "epoch";
    readonly epoch: number;
    readonly loss: number;
    readonly error: number;
    readonly trainError: number;
    readonly samplesPerSecond: number;
  }
  | {
    readonly event: "end";
    readonly error: number;
    readonly digits: readonly Uint8Array[];
    readonly said: number[];
    /** The digits that they are. */
    readonly truth: number[];
  }
  | { readonly event: "error"; readonly message: string };

async function learn(device: DeviceChoice, epochs: number, tell: (news: News) => void): Promise<void> {
  await setDevice(device);
  tell({ event: "device", ...deviceInfo() });

  const sets = digitsLoader({ sizes: [3000, 500, 500] });
  const input = inputLayer({ shape: [null, 784] });
  const images = reshapeLayer(input, { outputShape: [null, 1, 28, 28] });
  const filters = convPoolLayer(images, { filterShape: [8, 1, 5, 5], poolSize: [2, 2] });
  const flat = flattenLayer(filters);
  const untrained = model({
    network: network("digits", [input, images, filters, flat, logisticRegression(flat, { nClass: 10 })]),
    data: data(sets, { name: "digits" }),
    hyperparameters: { batchSize: 50, nEpochs: epochs, learningRate: 0.05 },
    updates: momentum,
  });

  const { model: trained, report } = await untrained.train({
    onEvent(news) {
      if (news.event !== "epoch") return;
      const { epoch, trainLoss: loss, trainError, validationError, samplesPerSecond } = news;
      const errors = { error: validationError ?? NaN, trainError: trainError ?? NaN };
      tell({ event: "epoch", epoch, loss, ...errors, samplesPerSecond });
    },
  });

  const test = sets[2].slice(0, SHOWN);
  const x = tensor(Float32Array.from(test.pixels, (level) => level / 255), [SHOWN, 784]);
  const said = [...await trained.predict(x).data()].map(Number);
  const digits = Array.from({ length: SHOWN }, (_, i) => test.pixels.slice(784 * i, 784 * (i + 1)));
  tell({ event: "end", error: report.testError ?? NaN, digits, said, truth: Array.from(test.y, Number) });
}

addEventListener("message", async (event) => {
  const { data: { device, epochs }, ports: [port] } = event as MessageEvent;
  try {
    await learn(device, epochs, (news) => port.postMessage(news));
  } catch (error) {
    port.postMessage({ event: "error", message: String(error) } satisfies News);
  }
});
