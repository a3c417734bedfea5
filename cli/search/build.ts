/**
 * Builds the models of a search among the example networks. They are found by name, so that workers can build them too.
 *
 * @module
 */

import type { Data } from "../../data/data.ts";
import { networks } from "../networks.ts";
import type { HyperparameterValues } from "../../model/hyperparameters.ts";
import { ruleHyperparameters } from "../../model/known_hyperparameters.ts";
import type { ModelParts } from "../../model/model_options.ts";
import { getUpdate, updateRules } from "../../optim/registry.ts";
import { type Example, type Settings, settingsIn } from "../example.ts";
import { loadData } from "../load_data.ts";

const loaded = new Map<string, Promise<Data>>();

/** The data of a combination, loaded once. */
function dataOf({ data, trainSize }: Settings): Promise<Data> {
  const key = `${data} ${trainSize}`;
  const known = loaded.get(key);
  if (known) return known;
  const loading = loadData(String(data), {
    trainSize: typeof trainSize === "number" && trainSize > 0 ? trainSize : undefined,
    signal: new AbortController().signal,
    onProgress: () => {},
  }).then(({ data }) => data);
  loaded.set(key, loading);
  return loading;
}

/** Stores loaded data, so that they are not loaded again. */
export function keepData(settings: Settings, data: Data): void {
  loaded.set(`${settings.data} ${settings.trainSize}`, Promise.resolve(data));
}

/** The model of a combination, whose hyperparameters name its network and its data too. */
export async function build(combination: HyperparameterValues): Promise<ModelParts> {
  const settings = settingsIn(combination);
  return await buildExample(networks[String(settings.network)], settings);
}

/** The parts of a model of an example, which need not be one of the documentation's networks. */
export async function buildExample(example: Example, settings: Settings): Promise<ModelParts> {
  const { network, update, data: _data, trainSize: _trainSize, ...all } = settings;
  const hyperparameters = withoutForeign(all, String(update), example);
  return {
    name: String(network),
    network: example.build(hyperparameters),
    data: await dataOf(settings),
    hyperparameters,
    updates: getUpdate(String(update)),
  };
}

/** Hyperparameters without those of other update rules, which a search over several rules also has. */
function withoutForeign(settings: Settings, update: string, { hyperparameters }: Example): Settings {
  const isForeign = (name: string): boolean =>
    ruleHyperparameters.has(name) && !Object.hasOwn(updateRules[update]?.options ?? {}, name) &&
    !Object.hasOwn(hyperparameters, name);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isForeign(name)));
}
