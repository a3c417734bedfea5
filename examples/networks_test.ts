import { assert, assertEquals } from "@std/assert";
import { data, digitsLoader } from "../data/mod.ts";
import { model } from "../model/mod.ts";
import { getUpdate } from "../optim/mod.ts";
import { networks } from "./networks.ts";

const digits = data(digitsLoader({ sizes: [64, 20, 20] }), { name: "digits" });

Deno.test("all networks of the original documentation exist", () => {
  assertEquals(Object.keys(networks), [
    ...["logistic_regression", "mlp", "dropout", "snn", "dropconnect", "convpool", "lenet5"],
    ...["autoencoder", "denoising_autoencoder", "gaussian_denoising_autoencoder", "contractive_denoising_autoencoder"],
    ...["stacked_denoising_autoencoder", "rbm", "dbn", "batch_normalization", "rnn", "lstm", "gru"],
  ]);
});

Deno.test("each network has the name under which it is listed", () => {
  for (const [name, example] of Object.entries(networks)) assertEquals(example.build().name, name);
});

Deno.test("unsupervised layers are pre-trained for 15 epochs with the batch size of the training", () => {
  const pretrained = Object.entries(networks).flatMap(([name, { build, hyperparameters: { batchSize } }]) =>
    build().layers.flatMap(({ layer: { pretraining } }) => {
      if (!pretraining) return [];
      assertEquals([pretraining.epochs, pretraining.batchSize], [15, batchSize]);
      return [name];
    })
  );
  const single = ["autoencoder", "denoising_autoencoder", "gaussian_denoising_autoencoder"];
  const others = ["contractive_denoising_autoencoder", "stacked_denoising_autoencoder"];
  assertEquals(pretrained, [...single, ...others, "stacked_denoising_autoencoder", "rbm", "dbn", "dbn"]);
});

for (const [name, { build, hyperparameters, update = "momentum" }] of Object.entries(networks)) {
  Deno.test(`${name} learns from a few digits`, async () => {
    const untrained = model({
      network: build({ pretrainingEpochs: 1, batchSize: 32 }),
      data: digits,
      hyperparameters: { ...hyperparameters, nEpochs: 4, batchSize: 32 },
      updates: getUpdate(update),
    });
    let pretrainings = 0;
    const { report } = await untrained.train({
      earlyStop: false,
      onEvent: ({ event }) => event === "pretraining" && pretrainings++,
    });
    const layers = untrained.network.layers.filter(({ layer }) => layer.pretraining);
    assertEquals(pretrainings, layers.length);
    assertEquals(report.epochs, 4);
    const losses = report.history.map(({ trainLoss }) => trainLoss);
    assert(losses[3] < losses[0], `losses ${losses}`);
  });
}
