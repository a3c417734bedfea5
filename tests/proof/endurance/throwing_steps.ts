/**
 * Thousands of training steps, of which every hundredth throws: in the user's function, because of a wrong shape, because
 * of tokens outside of a table, or because the device refuses memory. The state of the training is donated to each step,
 * the failing ones included, and must end as if they had not been called.
 *
 * @module
 */

import { full, gather, jit, setDevice, softmax, type Tensor, tensor, valueAndGrad, zeros } from "../../../core/mod.ts";
import type { EnduranceOptions, Endured } from "./processes.ts";
import { compilationsOn, differences, leftOver, type Measured, residentMegabytes, settle } from "./resources.ts";

/** One call of this many throws. */
const THROWS_EVERY = 100;

const SAMPLE_EVERY = 100;

/** What a training donates to each step: weights [feature, class] and their velocities. */
interface State {
  readonly w: Tensor;
  readonly velocity: Tensor;
}

const first = (): State => ({ w: zeros([12, 3]), velocity: zeros([12, 3]) });

/** A batch of inputs [8, feature]; there are four. */
function batch(number: number, features = 12): Tensor {
  return tensor(Float32Array.from({ length: 8 * features }, (_, i) => Math.sin(i + number % 4))).reshape([8, features]);
}

const slope = valueAndGrad((w: Tensor, x: Tensor) => softmax(x.matmul(w)).slice([0, 0], [8, 1]).log().neg().mean());

function next({ w, velocity }: State, x: Tensor): State {
  const [, gradient] = slope(w, x);
  const moved = velocity.mul(0.9).sub(gradient.mul(0.01));
  return { w: w.add(moved), velocity: moved };
}

/** The steps of a training; the failing ones take the state, too. */
function makeSteps() {
  const throwing = (): never => {
    throw new Error("of the user's function");
  };
  return {
    step: jit(next, { donate: [0] }),
    throwing: jit((state: State, x: Tensor) => [next(state, x), throwing()], { donate: [0] }),
    lookUp: jit(({ w }: State, tokens: Tensor) => gather(w, tokens.add(1))),
    greedy: jit((state: State, x: Tensor) => [next(state, x), full([2 ** 31 - 1], 1).add(x.sum())], { donate: [0] }),
  };
}

type Steps = ReturnType<typeof makeSteps>;

/** The calls that throw, with what their messages contain. */
const failures: readonly (readonly [text: string, call: (steps: Steps, state: State) => unknown])[] = [
  ["of the user's function", ({ throwing }, state) => throwing(state, batch(0))],
  ["Cannot multiply", ({ step }, state) => step(state, batch(0, 11))],
  ["had to gather index 13", ({ lookUp }, state) => lookUp(state, tensor(Int32Array.of(3, 12))).data()],
  ["Cannot allocate", ({ greedy }, state) => greedy(state, batch(0))],
];

/** Makes a call that throws. Returns what is wrong with its error. */
async function fail(number: number, steps: Steps, state: State): Promise<string[]> {
  const [text, call] = failures[number % failures.length];
  try {
    await call(steps, state);
  } catch (error) {
    return String(error).includes(text) ? [] : [`expected an error with "${text}", got ${error}`];
  }
  return [`expected an error with "${text}", got none`];
}

/** What is counted while a training runs. */
interface Watched {
  readonly faults: string[];
  readonly resident: [number, number][];
}

/** Trains for some calls, and returns the weights. If it is watched, every hundredth call throws. */
async function train(calls: number, watched?: Watched): Promise<Float32Array> {
  const steps = makeSteps();
  let state = first();
  for (let call = 1; call <= calls; call++) {
    if (call % THROWS_EVERY !== 0) state = steps.step(state, batch(call));
    else if (watched) {
      const wrong = await fail(call / THROWS_EVERY, steps, state);
      watched.faults.push(...wrong.map((one) => `call ${call}: ${one}`));
    }
    if (!watched || call % SAMPLE_EVERY !== 0) continue;
    await state.w.data();
    await settle();
    watched.resident.push([call, residentMegabytes()]);
  }
  const weights = await state.w.data();
  for (const one of [state.w, state.velocity]) one.dispose();
  return Float32Array.from(weights);
}

/** Trains with failing steps, and compares the weights and what is held with those of a training without. */
export async function trainThrowing(options: EnduranceOptions, measured: Measured): Promise<Endured> {
  const { calls = 10_000 } = options;
  await setDevice(options.device);
  const watched: Watched = { faults: [], resident: [] };
  await train(5 * THROWS_EVERY, { faults: watched.faults, resident: [] });
  const expected = await train(calls);
  const before = await leftOver(measured);
  const compiledBefore = await compilationsOn(measured.devices);
  await setDevice(options.device);
  const start = performance.now();
  const weights = await train(calls, watched);
  if (!weights.every((weight, i) => Object.is(weight, expected[i]))) {
    watched.faults.push(`${calls} calls, of which some throw, end with other weights than without those`);
  }
  const seconds = (performance.now() - start) / 1000;
  watched.faults.push(...differences(before, await leftOver(measured, before)));
  return { calls, seconds, ...watched, compilations: await compilationsOn(measured.devices) - compiledBefore };
}
