/**
 * Objectives and metrics: one number per example.
 *
 * @module
 */

import type { Tensor } from "../../../core/tensor.ts";
import * as metric from "../../../optim/metrics.ts";
import * as objective from "../../../optim/objectives.ts";
import * as ofLogits from "../../../optim/objectives_from_logits.ts";
import { logSoftmaxOf, softplus } from "./activations.ts";
import type { Draw, Style } from "./draw.ts";
import type { Bound, Gradient, Operation, Sample } from "./operation.ts";
import { type Combined, elementsOf } from "./reductions.ts";
import type { Expected } from "./ulp.ts";
import { countOf, eachIndex, type Value } from "./values.ts";

type Row = readonly number[];
type Call = (prediction: Tensor, target: Tensor) => Tensor;

/** What a loss is of the prediction and the target of one example. */
type Loss = (prediction: Row, target: Row) => Combined;

/** The kinds of predictions and targets. */
type Domain = "numbers" | "probabilities" | "signs" | "classes";

interface Definition {
  readonly call: Call;
  readonly loss: Loss;
  readonly prediction?: Domain;
  readonly target?: Domain;
  readonly bound?: Bound;
  readonly gradient?: Gradient | null;
}

const probabilities = [0, 1, 1e-9, 1e-8, 1 - 2 ** -24, 2 ** -126, 0.5];

function drawn(draw: Draw, shape: readonly number[], [domain, style]: readonly [Domain, Style]): Value {
  if (domain === "numbers") return draw.value("f32", shape, { style, exponents: [-30, 30], specials: [0, -0, 1, -1] });
  const one = (): number => {
    if (domain === "signs") return draw.elements.pick([-1, 1]);
    if (draw.purpose.slopes) return draw.elements.real(0.1, 0.9);
    return style === "special" && draw.elements.chance(0.2) ? draw.elements.pick(probabilities) : draw.elements.real();
  };
  return { dtype: "f32", shape, values: Float64Array.from({ length: countOf(shape) }, () => Math.fround(one())) };
}

/** The elements of the last axis, for each example. */
function rowsOf({ shape, values }: Value): Row[] {
  const width = shape.at(-1) ?? 1;
  return Array.from({ length: countOf(shape.slice(0, -1)) }, (_, i) => [...values.slice(i * width, (i + 1) * width)]);
}

const examples = (shape: readonly number[], combined: readonly Combined[]): Expected =>
  elementsOf("f32", shape, (_, position) => combined[position]);

const usual: Bound = { ulp: 4, of: "√n · Σ |terms|", signedZeros: false };
const sloped: Gradient = { ulp: 8, least: 1 };

/** A loss of predictions and targets of one shape; [N] counts as [N, 1]. */
function elementwiseLoss(
  { call, loss, prediction = "numbers", target = prediction, bound = usual, gradient = sloped }: Definition,
): Operation {
  const sample = (draw: Draw): Sample => {
    const shape = draw.shape({ rank: draw.whole(1, 3), most: 600, empty: false });
    const style = draw.style();
    const column = draw.chance(0.2) && shape.length === 1;
    const inputs = [drawn(draw, shape, [prediction, style]), drawn(draw, shape, [target, style])];
    return {
      inputs: column ? [{ ...inputs[0], shape: [...shape, 1] }, inputs[1]] : inputs,
      apply: call,
      expected: (p, t) => {
        const wide = (x: Value): Value => shape.length === 1 ? { ...x, shape: [...shape, 1] } : x;
        const [rows, targets] = [rowsOf(wide(p)), rowsOf(wide(t))];
        return examples(wide(p).shape.slice(0, -1), rows.map((row, i) => loss(row, targets[i])));
      },
    };
  };
  return { bound, sample, ...(gradient && { gradient }) };
}

/** A loss of predictions with one column per class, and rows or class numbers. */
function classLoss(
  { call, loss, prediction = "numbers", target = "probabilities", bound = usual, gradient = sloped }: Definition,
): Operation {
  const sample = (draw: Draw): Sample => {
    const shape = [...draw.shape({ rank: draw.whole(0, 2), most: 40 }), draw.pick([1, 2, 3, 10, 31, 33])];
    const style = draw.style();
    const classes = draw.chance(0.5) || target === "classes";
    const rows = classes ? draw.indices(shape.slice(0, -1), 0, shape.at(-1)! - 1) : drawn(draw, shape, [target, style]);
    return {
      inputs: [drawn(draw, shape, [prediction, style]), rows],
      apply: call,
      expected: (p, t) => {
        const targets = classes ? oneHot(t, shape.at(-1)!) : rowsOf(t);
        return examples(p.shape.slice(0, -1), rowsOf(p).map((row, i) => loss(row, targets[i])));
      },
      note: classes ? "class numbers" : "rows",
    };
  };
  return { bound, sample, ...(gradient && { gradient }) };
}

const oneHot = (classes: Value, width: number): Row[] => {
  const rows: Row[] = [];
  eachIndex(
    classes.shape,
    (_, position) => rows.push(Array.from({ length: width }, (_, i) => i === classes.values[position] ? 1 : 0)),
  );
  return rows;
};

/** Σ terms / n, with the sum of the units of the terms. */
function sum(terms: readonly (readonly [value: number, unit?: number])[], n = 1): Combined {
  let [value, unit] = [0, 0];
  for (const [term, size = term] of terms) {
    value += term;
    unit += Math.abs(size);
  }
  return { value: value / n, unit: unit * Math.sqrt(terms.length) / n };
}

const meanOver = (p: Row, t: Row, term: (p: number, t: number) => readonly [number, number?]): Combined =>
  sum(p.map((x, i) => term(x, t[i])), p.length);

const squared: Loss = (p, t) => meanOver(p, t, (p, t) => [(p - t) ** 2]);

/** 1 − t · p, or 0; the product is rounded. */
const hinge: Loss = (p, t) =>
  meanOver(p, t, (p, t) => {
    // A target of 0 means -1.
    const sign = t === 0 ? -1 : t;
    return [Math.max(0, 1 - sign * p), Math.max(1, Math.abs(sign * p))];
  });

const EPSILON = Math.fround(1e-8);
const safeLog = (p: number): number => Math.log(p < EPSILON ? EPSILON : p);

const binary: Loss = (p, t) =>
  meanOver(p, t, (p, t) => {
    const [yes, no] = [t * safeLog(p), (1 - t) * safeLog(1 - p)];
    return [-yes - no, Math.abs(yes) + Math.abs(no) + 1];
  });

const divergence: Loss = (p, t) =>
  sum(
    p.map((p, i) =>
      [t[i] * (safeLog(t[i]) - safeLog(p)), t[i] * (Math.abs(safeLog(t[i])) + Math.abs(safeLog(p)))] as const
    ),
  );

const categorical: Loss = (p, t) =>
  sum(p.map((p, i) => [-t[i] * safeLog(p), t[i] * (Math.abs(safeLog(p)) + 1)] as const));

const huber = (delta: number): Loss => (p, t) =>
  meanOver(p, t, (p, t) => {
    const size = Math.abs(p - t);
    return [size <= delta ? size * size / 2 : delta * (size - delta / 2)];
  });

const fromLogits = (smoothing: number): Loss => (x, t) => {
  const logarithms = logSoftmaxOf(x);
  const shares = t.map((t) => t * (1 - smoothing) + smoothing / x.length);
  return sum(
    shares.map((t, i) =>
      [t === 0 ? 0 : -t * logarithms[i].value, t * (logarithms[i].unit + Math.abs(logarithms[i].value))] as const
    ),
  );
};

const binaryFromLogits: Loss = (x, t) => meanOver(x, t, (x, t) => [softplus(x) - t * x, softplus(x) + Math.abs(t * x)]);

const agree: Loss = (p, t) => meanOver(p, t, (p, t) => [(p >= 0.5) === (t >= 0.5) ? 1 : 0, 1]);
const disagree: Loss = (p, t) => ({ value: 1 - agree(p, t).value, unit: 1 });

const greatest = (row: Row): number => row.indexOf(row.reduce((a, b) => Math.max(a, b)));
const right: Loss = (p, t) => ({ value: greatest(p) === greatest(t) ? 1 : 0 });
const wrong: Loss = (p, t) => ({ value: 1 - right(p, t).value });

const smoothing = 0.125;
const delta = 0.5;
const share: Bound = { ulp: 1, of: "1", signedZeros: false };
const whole: Bound = { ulp: 0, signedZeros: false };

/** Targets of one class number do not count, whatever their logits are. */
const ignoring: Definition["call"] = (x, t) => ofLogits.categoricalCrossentropyFromLogits(x, t, { ignoreIndex: 0 });
const ignored: Loss = (x, t) => t[0] === 1 ? { value: 0 } : fromLogits(0)(x, t);

/** One entry per objective, and one per option that changes its formula. */
export const objectives = {
  meanSquaredError: elementwiseLoss({ call: objective.meanSquaredError, loss: squared }),
  rootMeanSquaredError: elementwiseLoss({
    call: objective.rootMeanSquaredError,
    loss: (p, t) => ({ value: Math.sqrt(squared(p, t).value) }),
  }),
  meanAbsoluteError: elementwiseLoss({
    call: objective.meanAbsoluteError,
    loss: (p, t) => meanOver(p, t, (p, t) => [Math.abs(p - t)]),
  }),
  binaryHingeError: elementwiseLoss({ call: objective.binaryHingeError, loss: hinge, target: "signs" }),
  categoricalHingeError: classLoss({ call: objective.categoricalHingeError, loss: hinge, target: "signs" }),
  binaryCrossentropyError: elementwiseLoss({
    call: objective.binaryCrossentropyError,
    loss: binary,
    prediction: "probabilities",
  }),
  binaryCrossentropyFromLogits: elementwiseLoss({
    call: ofLogits.binaryCrossentropyFromLogits,
    loss: binaryFromLogits,
    target: "probabilities",
  }),
  binaryCrossentropyOfFinite: elementwiseLoss({
    call: (x, t) => {
      const wide = x.shape.length > 1 ? x : x.expandDims(-1);
      return ofLogits.binaryCrossentropyOfFinite(wide, t.reshape(wide.shape));
    },
    loss: binaryFromLogits,
    target: "probabilities",
  }),
  categoricalCrossentropyError: classLoss({
    call: objective.categoricalCrossentropyError,
    loss: categorical,
    prediction: "probabilities",
  }),
  categoricalCrossentropyFromLogits: classLoss({
    call: ofLogits.categoricalCrossentropyFromLogits,
    loss: fromLogits(0),
  }),
  kullbackLeiblerDivergence: elementwiseLoss({
    call: objective.kullbackLeiblerDivergence,
    loss: divergence,
    prediction: "probabilities",
  }),
  huberError: elementwiseLoss({ call: objective.huberError, loss: huber(1) }),
};

/** Objectives with options. */
export const objectivesWithOptions = {
  "huberError with delta": elementwiseLoss({
    call: (p, t) => objective.huberError(p, t, { delta }),
    loss: huber(delta),
  }),
  "categoricalCrossentropyFromLogits with labelSmoothing": classLoss({
    call: (x, t) => ofLogits.categoricalCrossentropyFromLogits(x, t, { labelSmoothing: smoothing }),
    loss: fromLogits(smoothing),
  }),
  "categoricalCrossentropyFromLogits with ignoreIndex": classLoss({ call: ignoring, loss: ignored, target: "classes" }),
};

/** One entry per metric. */
export const metrics = {
  binaryAccuracy: elementwiseLoss({
    call: metric.binaryAccuracy,
    loss: agree,
    prediction: "probabilities",
    bound: share,
    gradient: null,
  }),
  binaryError: elementwiseLoss({
    call: metric.binaryError,
    loss: disagree,
    prediction: "probabilities",
    bound: share,
    gradient: null,
  }),
  categoricalAccuracy: classLoss({ call: metric.categoricalAccuracy, loss: right, bound: whole, gradient: null }),
  categoricalError: classLoss({ call: metric.categoricalError, loss: wrong, bound: whole, gradient: null }),
};
