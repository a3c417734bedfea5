/**
 * Random use of the package: actions and mistakes in the order of a seed, for some time or some number of calls.
 *
 * @module
 */

import { randomOf } from "../../hostile_models/craft.ts";
import { type Action, actions } from "./actions.ts";
import { make, possibleMistakes } from "./mistakes.ts";
import { compilationsOn, differences, leftOver, type Measured, residentMegabytes, settle } from "./resources.ts";
import type { EnduranceOptions, Endured } from "./processes.ts";
import { drop, emptyWorld, moveTo, oneOf, type World } from "./world.ts";

/** One call of this many is a mistake. */
const MISTAKE_EVERY = 8;

const SAMPLE_EVERY = 50;

/** Makes every action and every mistake once, so that everything that stays is there before the first measurement. */
async function warmUp(world: World, { devices }: Measured): Promise<string[]> {
  const faults: string[] = [];
  for (const device of devices) {
    for (let turn = 0; turn < 3; turn++) {
      for (const [name, action] of Object.entries(actions)) {
        await moveTo(world, device);
        faults.push(...await tried(name, action, world));
      }
    }
    await moveTo(world, device);
    for (const name of possibleMistakes(world)) {
      faults.push(...[await make(name, world)].filter((one) => one !== undefined));
    }
  }
  return faults;
}

/** What an action throws. */
async function tried(name: string, action: Action, world: World): Promise<string[]> {
  try {
    await action(world);
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.stack : error}`];
  }
}

/** A random call: an action, or a mistake. */
async function randomCall(world: World): Promise<string[]> {
  const { random } = world;
  if (random(MISTAKE_EVERY) === 0) {
    const wrong = await make(oneOf(random, possibleMistakes(world)), world);
    return wrong === undefined ? [] : [wrong];
  }
  const name = oneOf(random, Object.keys(actions));
  return await tried(name, actions[name], world);
}

/** Uses the package at random, and compares what the process holds afterwards with what it held before. */
export async function useAtRandom(options: EnduranceOptions, measured: Measured): Promise<Endured> {
  const world = emptyWorld({ random: randomOf(options.seed), device: options.device, ...measured });
  const faults = await warmUp(world, measured);
  drop(world);
  const before = await leftOver(measured);
  const compiledBefore = await compilationsOn(measured.devices);
  await moveTo(world, options.device);
  const resident: [number, number][] = [];
  const start = performance.now();
  const { calls = Infinity, seconds = Infinity } = options;
  let done = 0;
  for (; done < calls && performance.now() - start < 1000 * seconds; done++) {
    for (const fault of await randomCall(world)) faults.push(`call ${done + 1}: ${fault}`);
    if (done % SAMPLE_EVERY !== SAMPLE_EVERY - 1) continue;
    await settle();
    resident.push([done + 1, residentMegabytes()]);
  }
  const elapsed = (performance.now() - start) / 1000;
  drop(world);
  faults.push(...differences(before, await leftOver(measured, before)));
  const compilations = await compilationsOn(measured.devices) - compiledBefore;
  return { calls: done, seconds: elapsed, resident, faults, compilations };
}
