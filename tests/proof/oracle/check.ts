/**
 * Runs the samples of an operation, measures the errors, and words the faults.
 *
 * @module
 */

import { Draw, type Purpose } from "./draw.ts";
import { gradientCallerOf } from "./gradients.ts";
import { type Caller, callerOf, modes, type Outcome } from "./modes.ts";
import type { Bound, Device, Gradient, Operation, Sample } from "./operation.ts";
import { type Comparison, type Worst, worstOf } from "./ulp.ts";

/** What was measured of an operation on a device. */
export interface Measured {
  readonly samples: number;
  /** The largest error of values, in units of the last place. */
  readonly values: number;
  /** The largest error of gradients; null if it has none. */
  readonly gradients: number | null;
  readonly faults: readonly string[];
}

/** An operation, where it runs, and how often. */
export interface Check {
  readonly name: string;
  readonly operation: Operation;
  readonly device: Device;
  readonly seed: number;
  /** Samples of values; those of gradients are a fifth as many. */
  readonly count: number;
}

/** Samples of the same form, which one compiled function computes. */
const SAMPLES_PER_FORM = 4;

/** Faults of one operation that are reported; the rest are counted. */
const MOST_FAULTS = 3;

/** Errors of doubles, which count as no error. */
const SLACK = 1e-3;

/** The results of a series of samples. */
interface Series {
  readonly largest: number;
  readonly faults: readonly string[];
}

/** What the samples of a series have in common. */
interface Course extends Check {
  readonly limit: Bound | Gradient;
  readonly purpose: Purpose;
  readonly callerOf: (sample: Sample, draw: Draw, form: number) => { readonly caller: Caller; readonly mode: string };
}

/** Runs an operation on the current device. */
export async function check(checked: Check): Promise<Measured> {
  const { name, operation: { bound, gradient }, device, seed, count } = checked;
  const flushes = device === "webgpu";
  const values = await series({
    ...checked,
    limit: { ...bound, signedZeros: bound.signedZeros ?? bound.ulp === 0 },
    purpose: { flushes, slopes: false },
    callerOf: (sample, draw, form) => {
      const mode = modes[(seed + form + name.length) % modes.length];
      return { mode, caller: callerOf(sample, mode, draw) };
    },
  });
  const slopes = gradient && await series({
    ...checked,
    count: Math.ceil(count / 5),
    limit: gradient,
    purpose: { flushes, slopes: true },
    callerOf: (sample, draw) => ({ mode: "gradient", caller: gradientCallerOf(sample, gradient, draw) }),
  });
  const faults = [...values.faults, ...slopes?.faults ?? []];
  const more = faults.length - MOST_FAULTS;
  return {
    samples: count + (gradient ? Math.ceil(count / 5) : 0),
    values: values.largest,
    gradients: slopes ? slopes.largest : null,
    faults: more > 0 ? [...faults.slice(0, MOST_FAULTS), `${name}, ${device}: ${more} more faults`] : faults,
  };
}

async function series(course: Course): Promise<Series> {
  const forms = Math.ceil(course.count / SAMPLES_PER_FORM);
  let largest = 0;
  const faults: string[] = [];
  for (let form = 0; form < forms; form++) {
    const number = form * SAMPLES_PER_FORM;
    const found = await samplesOf(course, form, Math.min(SAMPLES_PER_FORM, course.count - number));
    largest = Math.max(largest, found.largest);
    faults.push(...found.faults);
  }
  return { largest, faults };
}

/** The samples of one form. */
async function samplesOf(course: Course, form: number, count: number): Promise<Series> {
  const { name, operation, device, seed, limit, purpose } = course;
  const drawOf = (number: number): Draw => new Draw(seed * 100_003 + form, purpose, seed * 7919 + form * 101 + number);
  let largest = 0;
  const faults: string[] = [];
  const draw = drawOf(0);
  const where = `${name}, ${device}, seed ${seed}, form ${form}`;
  try {
    const { caller, mode } = course.callerOf(operation.sample(draw), draw, form);
    using _ = caller;
    for (let number = 0; number < count; number++) {
      const sample = operation.sample(drawOf(number));
      for (const outcome of await caller.outcomesOf(sample)) {
        const { error, position, bound } = errorOf(outcome, limit, device);
        largest = Math.max(largest, error);
        if (error > bound + SLACK) {
          faults.push(`${where}, ${mode}: ${worded(sample, outcome, position)}, off by ${shown(error)}`);
        }
      }
    }
  } catch (error) {
    faults.push(`${where}: threw ${error}`);
    largest = Infinity;
  }
  return { largest, faults };
}

/** The largest error of an outcome, and its bound; a wrong shape or element type is an error, too. */
function errorOf(
  { tensor, got, expected }: Outcome,
  limit: Bound | Gradient,
  device: Device,
): Worst & { readonly bound: number } {
  const own = device === "webgpu" ? limit.webgpu : undefined;
  const signedZeros = "signedZeros" in limit && limit.signedZeros === true;
  const comparison: Comparison = { device, signedZeros, least: own?.least ?? 0 };
  const bound = own?.ulp ?? limit.ulp;
  const sameForm = tensor.dtype === expected.dtype && String(tensor.shape) === String(expected.shape);
  return { bound, ...(sameForm ? worstOf(got, expected, comparison) : { error: Infinity, position: -1 }) };
}

const shown = (x: number): string => Number.isFinite(x) ? `${Number(x.toPrecision(3))} ULP` : "its kind";
const plain = (x: number): string => Object.is(x, -0) ? "-0" : String(x);

/** What was called, what came, and what was expected. */
function worded({ inputs, note }: Sample, { tensor, got, expected }: Outcome, position: number): string {
  const types = inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(" ");
  const called = note ? `${types} (${note.trim()})` : types;
  if (position < 0) {
    return `${called}: got ${tensor.dtype}[${tensor.shape}], expected ${expected.dtype}[${expected.shape}]`;
  }
  const same = inputs.every(({ values }) => values.length === got.length);
  const elements = inputs.map(({ values }) =>
    same ? plain(values[position]) : `[${[...values.slice(0, 9)].map(plain)}]`
  );
  return `${called}: element ${position} for ${elements.join("; ")}: got ${plain(got[position])}, expected ${
    plain(expected.values[position])
  }`;
}
