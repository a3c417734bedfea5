/**
 * Preprocessing by name, which is fitted to one set and applied to all others.
 *
 * @module
 */

import { custom } from "../core/options/option.ts";
import { checkArgument } from "../core/options/read.ts";
import {
  applyNormalize,
  applyStandardize,
  momentsOf,
  rangesOf,
  revertNormalize,
  revertStandardize,
} from "./preprocessing.ts";
import { type NamedPart, partsIn } from "./named.ts";
import { isSampled, isSource, type NamedSourceSet, runsOf, type SampleSource } from "./sample_source.ts";
import { type AnySamples, featuresOf, type Samples, samplesKind } from "./samples.ts";
import { isPlainRecord } from "./table/column_types.ts";

/** How samples are scaled: each feature to [0, 1], or to mean 0 and standard deviation 1. */
export type Preprocessing = "normalize" | "standardize";

/** All kinds of preprocessing. */
export const preprocessings: readonly Preprocessing[] = ["normalize", "standardize"];

/** A scaling as plain data. */
export type ScalingConfiguration =
  | {
    readonly kind: "normalize";
    /** The lowest value of each feature. */
    readonly min: readonly number[];
    /** The highest value of each feature. */
    readonly max: readonly number[];
  }
  | {
    readonly kind: "standardize";
    /** The mean of each feature. */
    readonly mean: readonly number[];
    /** The standard deviation of each feature; 1 if it is constant. */
    readonly std: readonly number[];
  };

/** A scaling fitted to some samples. */
export interface Scaling {
  /** The scaling as plain data, as files of models contain it. */
  readonly configuration: ScalingConfiguration;
  /** Scales samples by the statistics of those to which it was fitted. */
  apply(x: AnySamples): Samples;
  /** Reverts the scaling. */
  revert(z: AnySamples): Samples;
}

const fits: Readonly<Record<Preprocessing, (x: AnySamples | SampleSource) => Scaling>> = {
  normalize: (x) => {
    const { min, max } = rangesOf(runsOf(x), featuresOf(x.shape));
    return scalingOf({ kind: "normalize", min: [...min], max: [...max] });
  },
  standardize: (x) => {
    const { mean, std } = momentsOf(() => runsOf(x), x.shape);
    return scalingOf({ kind: "standardize", mean: [...mean], std: [...std] });
  },
};

/** A scaling fitted to samples. */
export function fitScaling(preprocessing: Preprocessing, x: AnySamples | SampleSource): Scaling {
  return fits[preprocessing](x);
}

/** The scaling of a configuration. */
export function scalingOf(configuration: ScalingConfiguration): Scaling {
  if (configuration.kind === "normalize") {
    const [min, max] = [configuration.min, configuration.max].map((one) => Float32Array.from(one));
    return {
      configuration,
      apply: (x) => applyNormalize(x, min, max),
      revert: (z) => revertNormalize(z, min, max),
    };
  }
  const [mean, std] = [configuration.mean, configuration.std].map((one) => Float32Array.from(one));
  return {
    configuration,
    apply: (x) => applyStandardize(x, mean, std),
    revert: (z) => revertStandardize(z, mean, std),
  };
}

/** The scalings of several inputs as plain data. */
export interface InputScalingConfiguration {
  /** Which preprocessing it is. */
  readonly kind: "inputs";
  /** The scaling of each input that is scaled, by its name. */
  readonly inputs: Readonly<Record<string, ScalingConfiguration>>;
}

/** Samples by the names of inputs. */
export type NamedSamples = Readonly<Record<string, AnySamples>>;

const namedSamplesKind = custom<NamedSamples>({
  expected: "a record of samples by the names of inputs",
  accepts: (value): value is NamedSamples => isPlainRecord(value) && Object.values(value).every(samplesKind.accepts),
});

/** The scalings of several inputs, each fitted by itself. Inputs of whole numbers, such as tokens, are not scaled. */
export class InputScaling {
  /** Creates it from the scalings of inputs, by name. */
  constructor(
    /** The scaling of each input that is scaled, by its name. */
    readonly inputs: Readonly<Record<string, Scaling>>,
  ) {}

  /** The scalings as plain data, as files of models contain them. */
  get configuration(): InputScalingConfiguration {
    const inputs = Object.entries(this.inputs).map(([name, { configuration }]) => [name, configuration] as const);
    return { kind: "inputs", inputs: Object.fromEntries(inputs) };
  }

  /** Scales samples by the statistics of those to which it was fitted. */
  apply(x: NamedSamples): NamedSamples {
    checkArgument("scale inputs", x, namedSamplesKind);
    return this.#change(x, (scaling, samples) => scaling.apply(samples));
  }

  /** Reverts the scaling. */
  revert(z: NamedSamples): NamedSamples {
    checkArgument("revert the scaling of inputs", z, namedSamplesKind);
    return this.#change(z, (scaling, samples) => scaling.revert(samples));
  }

  #change(x: NamedSamples, change: (scaling: Scaling, samples: AnySamples) => AnySamples): NamedSamples {
    return Object.fromEntries(
      Object.entries(x).map(([name, samples]) => {
        const scaling = scalingFor(this, name);
        return [name, scaling ? change(scaling, samples) : samples];
      }),
    );
  }
}

/** The scalings of several inputs from their configuration. */
export function inputScalingOf({ inputs }: Pick<InputScalingConfiguration, "inputs">): InputScaling {
  return new InputScaling(Object.fromEntries(Object.entries(inputs).map(([name, one]) => [name, scalingOf(one)])));
}

/** The scaling of one input; `undefined` if it is not scaled. Without a name, it is the only input. */
export function scalingFor(scaling: Scaling | InputScaling | undefined, name: string | undefined): Scaling | undefined {
  if (!(scaling instanceof InputScaling)) return scaling;
  const { inputs } = scaling;
  if (name !== undefined) return Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  const [only, ...others] = Object.values(inputs);
  return others.length === 0 ? only : undefined;
}

/** The scaling of the inputs of a set: of several, each that has no whole numbers is fitted by itself. */
export function fitInputs(preprocessing: Preprocessing, x: NamedSourceSet["x"]): Scaling | InputScaling {
  if (isSampled(x)) return fitScaling(preprocessing, x);
  const parts = partsIn(x, isSampled).filter(isOfNumbers);
  return new InputScaling(Object.fromEntries(parts.map(({ name, value }) => [name, fitScaling(preprocessing, value)])));
}

function isOfNumbers({ value }: NamedPart<AnySamples | SampleSource>): boolean {
  return isSource(value) || !(value.values instanceof Int32Array);
}
