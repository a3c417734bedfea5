import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { data } from "../data/data.ts";
import { DataError } from "../data/errors.ts";
import { samples } from "../data/samples.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import { Model, model } from "../model/model.ts";
import { network } from "../model/network.ts";
import { asErrorOfData, asUsageError, checkFit, checkTrainable } from "./check_fit.ts";
import { UsageError } from "./errors.ts";

function thrown(body: () => void): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}

Deno.test("refusals of types and values become errors of data or of usage, and other errors do not", () => {
  for (const [run, Kind] of [[asErrorOfData, DataError], [asUsageError, UsageError]] as const) {
    run(() => {});
    for (const cause of [new TypeError("Cannot a"), new RangeError("Cannot b")]) {
      const error = thrown(() =>
        run(() => {
          throw cause;
        })
      );
      assert(error instanceof Kind);
      assertEquals(error.message, cause.message);
      assertStrictEquals(error.cause, cause);
    }
    for (const other of [new Error("c"), new SyntaxError("d"), "e"]) {
      const found = thrown(() =>
        run(() => {
          throw other;
        })
      );
      assertStrictEquals(found, other);
    }
  }
});

Deno.test("a training is refused for its data, and for its metrics and what it monitors", () => {
  const input = inputLayer({ shape: [null, 1] });
  const set = { x: samples([[1], [2]]), y: Int32Array.of(0, 1) };
  const digits = data([set, set]);
  const net = (nUnits: number) => network("net", [input, denseLayer(input, { nUnits, activation: "softmax" })]);
  const [two, one] = [2, 1].map((nUnits) => model({ network: net(nUnits), data: digits }));
  const plain = new Model({ network: net(2), hyperparameters: { batchSize: 2 } });
  checkTrainable(plain, digits);
  checkTrainable(two, digits, { metrics: ["f1"], monitor: "f1", classWeights: [1, 2], labelSmoothing: 0.1 });
  checkTrainable(two, digits, { monitor: "loss", overfit: 2 });
  assertThrows(() => checkTrainable(one, digits), DataError, "Cannot train");
  assertThrows(() => checkTrainable(two, digits, { classWeights: [1, 2, 3] }), DataError, "classWeights");
  assertThrows(() => checkTrainable(two, digits, { overfit: 5 }), DataError, "overfit");
  assertThrows(() => checkTrainable(two, digits, { monitor: "f1" }), UsageError, "monitor");
  assertThrows(() => checkTrainable(two, digits, { metrics: ["r2"], monitor: "f2" }), UsageError, "");
  assertThrows(() => checkTrainable(two, digits, { metrics: ["perplexity", "perplexity"] }), UsageError, "two metrics");
  checkFit("evaluate", two, digits);
  const wide = { x: samples([[1, 2], [2, 3]]), y: Int32Array.of(0, 1) };
  assertThrows(() => checkFit("evaluate", two, data([wide, wide])), DataError, "Cannot evaluate");
});
