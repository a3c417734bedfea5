import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { data, samples } from "../../data/mod.ts";
import { f1, meanAbsoluteError } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { smallDigits, untrained } from "./test_resuming.ts";

const metrics = ["accuracy", f1(), { ...f1({ average: "none" }), name: "each" }, "auc", "perplexity"] as const;

testOnEveryDevice("evaluate has the values of the report, for each set, resident or streamed", async () => {
  const { model: trained, report } = await untrained.train({ metrics });
  const { training, validation, test } = trained.data;
  const found = await trained.evaluate(undefined, { metrics });
  assertEquals(found, { loss: report.testLoss!, error: report.testError!, ...report.metrics!.test });
  assertEquals(await trained.evaluate(test, { metrics }), found);
  assertEquals(await trained.evaluate(trained.data, { metrics, deviceBytes: 1000 }), found);
  assertEquals(await trained.evaluate(validation, { metrics }), {
    loss: report.validationLoss!,
    error: report.validationError!,
    ...report.metrics!.validation,
  });
  assertEquals(Object.keys(await trained.evaluate(training)), ["loss", "error"]);
  const set = {
    x: samples(new Float32Array(await test!.x.data() as Float32Array), test!.x.shape),
    y: Int32Array.from(await test!.y.data()),
  };
  const again = await trained.evaluate(set, { metrics });
  for (const [name, value] of Object.entries(again)) assertAlmostEquals(value, found[name], 1e-6);
});

Deno.test("evaluate refuses what does not fit, with the cure", async () => {
  const { model: trained } = await untrained.with({ hyperparameters: { nEpochs: 1, batchSize: 20 } }).train();
  const few = { x: samples([[1, 2]]), y: Int32Array.of(0) };
  await assertRejects(() => trained.evaluate(few), TypeError, "expected samples of [56]");
  await assertRejects(() => untrained.evaluate(), TypeError, "it has no weights; train it first");
  const { training, validation } = smallDigits(1);
  const two = { ...trained.data, training, validation, test: undefined };
  await assertRejects(
    () => trained.evaluate(two),
    TypeError,
    "it has no test set; pass a set, such as data.validation",
  );
  await assertRejects(() => trained.evaluate(3 as never), TypeError, "data, or a set { x, y }");
  await assertRejects(
    () => trained.evaluate(undefined, { metrics: ["acuracy"] }),
    RangeError,
    "did you mean accuracy?",
  );
  await assertRejects(
    () => trained.evaluate(undefined, { metrics: [{ ...f1(), name: "loss" }] }),
    RangeError,
    'with a metric named "loss"',
  );
  const numbers = data([0, 1].map(() => ({ x: samples([[...Array(56).keys()]]), y: samples([[0.5, 2]]) })));
  await assertRejects(() => trained.evaluate(numbers.training), TypeError, "expected class numbers");
  await assertRejects(
    () => trained.evaluate(undefined, { metrics: [meanAbsoluteError] }),
    TypeError,
    "with metric meanAbsoluteError: predictions [30, 10] and targets [30]",
  );
});
