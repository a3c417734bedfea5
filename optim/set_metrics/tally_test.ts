import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { full, ones, tensor, zeros } from "../../core/creation.ts";
import { jit } from "../../core/jit.ts";
import { scan } from "../../core/scan.ts";
import type { Tensor } from "../../core/tensor.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { meanAbsoluteError } from "../objectives.ts";
import { accuracy } from "./accuracy.ts";
import { meanObjective } from "./mean_objective.ts";
import type { Metric, MetricState } from "./metric.ts";

/** The value after this many updates with the same batch, in one compiled loop. */
async function repeated(
  metric: Metric,
  [prediction, target]: readonly [Tensor, Tensor],
  { times, weights }: { readonly times: number; readonly weights?: Tensor },
): Promise<number> {
  const all = jit((state: MetricState, prediction: Tensor, target: Tensor) => {
    const step = (carry: MetricState, _: Tensor) =>
      [metric.update(carry, prediction, target, { weights }), []] as const;
    return scan(step, state, zeros([times]))[0];
  }, { donate: [0] });
  const state = all(metric.init(prediction, target, { weights }), prediction, target);
  return await metric.result(state).item();
}

testOnEveryDevice("sums over ten million examples, in large batches or small ones, lose no digits", async () => {
  for (const [size, times] of [[500, 20_000], [200, 50_000]]) {
    const [prediction, target] = [full([size, 1], 0.1), zeros([size, 1])];
    const options = size === 500 ? { weights: full([size], 0.3) } : {};
    const metric = meanObjective(meanAbsoluteError);
    const value = await repeated(metric, [prediction, target], { times, ...options });
    assertAlmostEquals(value / await repeated(metric, [prediction, target], { times: 1, ...options }), 1, 3e-6);
    // What remains is the rounding of the sum over a batch.
    assertAlmostEquals(value / 0.1, 1, 3e-5);
  }
});

testOnEveryDevice("counts are exact beyond 2²⁴ examples", async () => {
  const size = 2 ** 14;
  const prediction = tensor(new Float32Array(size).fill(1).map((_, i) => i === 0 ? 0 : 1));
  const metric = accuracy();
  const times = 2 ** 11; // 2²⁵ examples
  const all = jit((state: MetricState, p: Tensor, t: Tensor) =>
    scan((carry: MetricState, _: Tensor) => [metric.update(carry, p, t), []] as const, state, zeros([times]))[0]
  );
  const state = all(metric.init(prediction, ones([size])), prediction, ones([size]));
  const { right, wrong } = state as unknown as Record<string, { count: Tensor }>;
  assertEquals([await right.count.item(), await wrong.count.item()], [(size - 1) * times, times]);
  assert(Math.abs(await metric.result(state).item() - (1 - 1 / size)) < 1e-7);
});

Deno.test("batches of any size are summed", async () => {
  for (const size of [1, 64, 17_000, 300_000]) {
    const metric = meanObjective(meanAbsoluteError);
    const [prediction, target] = [full([size, 1], 0.5), zeros([size, 1])];
    let state = metric.init(prediction, target);
    for (let batch = 0; batch < 3; batch++) state = metric.update(state, prediction, target);
    assertEquals(await metric.result(state).item(), 0.5, `${size}`);
  }
});
