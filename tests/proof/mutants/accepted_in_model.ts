/**
 * Mutants of `optim/`, `model/` and `cli/` that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import type { Accepted } from "./accepted_mutant.ts";

/** Mutants of `optim/`, `model/` and `cli/` that may survive. */
export const acceptedInModel: readonly Accepted[] = [
  {
    file: "model/check_tokens.ts",
    context: "for (let firstRow = 0; firstRow < length; firstRow += AT_A_TIME) {",
    name: "firstRow < length → (firstRow <= length)",
    reason: "no rows have no tokens to check",
  },
  {
    file: "model/files/json_structure.ts",
    context: "for (let at = 0; at < text.length; at++) {",
    name: "at < text.length → (at <= text.length)",
    reason: "there is no character past the end, which is none of those that count",
  },
  {
    file: "model/files/json_structure.ts",
    context: "for (let quote = text.indexOf('\"', start + 1); quote >= 0; quote = text.indexOf('\"', quote + 1)) {",
    name: "quote >= 0 → (quote > 0)",
    reason: "quotes are searched behind the first character",
  },
  {
    file: "model/files/json_text.ts",
    context:
      "if (bytes.length * 2 * WIDE_COPIES > most && wideBytes(bytes) * WIDE_COPIES > most) throw tooLarge(file, most);",
    name: "bytes.length * 2 * WIDE_COPIES > most → (bytes.length * 2 * WIDE_COPIES >= most)",
    reason: "the second condition decides; the first one only avoids most counts",
  },
  {
    file: "model/files/json_text.ts",
    context: "for (let at = 0; at < bytes.length; at += PIECE_BYTES) {",
    name: "at < bytes.length → (at <= bytes.length)",
    reason: "no bytes are valid",
  },
  {
    file: "model/files/safetensors.ts",
    context: "for (let first = begin; first < end; first += step) {",
    name: "first < end → (first <= end)",
    reason: "an empty piece has no elements",
  },
  {
    file: "model/predict.ts",
    context: "if (count <= size && fixed === undefined) return run(x);",
    name: "count <= size → (count < size)",
    reason: "one part of all examples has the same outputs",
  },
  {
    file: "model/search/search.ts",
    context: "if (rows.size < total) {",
    name: "rows.size < total → (rows.size <= total)",
    reason: "nothing is tried if all results are known",
  },
  {
    file: "model/search/search.ts",
    context: "for (let start = 0; start < numbers.length; start += length) {",
    name: "start < numbers.length → (start <= numbers.length)",
    reason: "an empty wave has nothing to try",
  },
  {
    file: "model/training/choose_outputs.ts",
    context: "(best, one) => best && best.name.length > one.name.length ? best : one,",
    name: "best.name.length > one.name.length → (best.name.length >= one.name.length)",
    reason: "two names that a longer one begins with have different lengths",
  },
  {
    file: "model/training/counted.ts",
    context: "for (let first = 0; first < length; first += size) {",
    name: "first < length → (first <= length)",
    reason: "no rows have no targets that count",
  },
  {
    file: "model/training/diagnosis.ts",
    context: "const undefinedGradient = Math.abs(costs) < LARGE && await hasNaN(before.params);",
    name: "Math.abs(costs) < LARGE → (Math.abs(costs) <= LARGE)",
    reason: "which costs count as large is a choice",
  },
  {
    file: "model/training/early_stopping.ts",
    context: "const clear = error < before.bestError * (before.bestError < 0 ? BELOW_ZERO : IMPROVEMENT_THRESHOLD);",
    name: "before.bestError < 0 → (before.bestError <= 0)",
    reason: "0 is the same times either factor",
  },
  {
    file: "model/training/assemble.ts",
    context: "return Object.keys(record).length > 0;",
    name: "Object.keys(record).length > 0 → (Object.keys(record).length >= 0)",
    reason: "an assembly that is made anew is the same",
  },
  {
    file: "model/training/output_metrics.ts",
    context: "const forms = set ? metrics.length > 0 && formsOf(network, targetsIn(set, name)) : training;",
    name: "metrics.length > 0 → (metrics.length >= 0)",
    reason: "no metrics have no states",
  },
  {
    file: "model/training/balanced_weights.ts",
    context: "const ignored = width === 1 && units > 1 ? ignoredBy(objective) : undefined;",
    name: "units > 1 → (units >= 1)",
    reason: "objectives that ignore a class compare several units",
  },
  {
    file: "model/training/ignored_class.ts",
    context: "for (let begin = 0; begin < length; begin += AT_A_TIME) {",
    name: "begin < length → (begin <= length)",
    reason: "no rows have no classes",
  },
  {
    file: "model/training/ignored_class.ts",
    context: "for (const one of values) if (one !== ignored && one > highest) highest = one;",
    name: "one > highest → (one >= highest)",
    reason: "equal numbers replace each other",
  },
  {
    file: "model/training/overfit.ts",
    context: "if (count > batchSize) throw refuse(`at most ${batchSize}, the batchSize, or a multiple of it`);",
    name: "count > batchSize → (count >= batchSize)",
    reason: "multiples of the batch size were taken before",
  },
  {
    file: "model/training/row_kinds.ts",
    context: "return Math.abs(sum - 1) <= ROW_TOLERANCE ? 1 : 2;",
    name: "Math.abs(sum - 1) <= ROW_TOLERANCE → (Math.abs(sum - 1) < ROW_TOLERANCE)",
    reason: "no difference from 1 in double precision is equal to it",
  },
  {
    file: "model/training/row_kinds.ts",
    context: "fits: (set: TargetSet) => RANKS.indexOf(kindOfRows(set, width).kind) <= limit,",
    name: "RANKS.indexOf(kindOfRows(set, width).kind) <= limit → (RANKS.indexOf(kindOfRows(set, width).kind) < limit)",
    reason: "all rows are read then, with the same result",
  },
  {
    file: "model/training/row_kinds.ts",
    context: "for (let row = 0; row < bits.length; row += width) {",
    name: "row < bits.length → (row <= bits.length)",
    reason: "behind the last row, the same position is returned",
  },
  {
    file: "model/training/target_scan.ts",
    context: "for (let i = 0; i < values.length; i++) if (!(values[i] >= -1e-6 && values[i] <= 1 + 1e-6)) return i;",
    name: "values[i] >= -1e-6 → (values[i] > -1e-6)",
    reason: "no number in single precision is equal to it",
  },
  {
    file: "model/training/target_scan.ts",
    context: "for (let i = 0; i < values.length; i++) if (!(values[i] >= -1e-6 && values[i] <= 1 + 1e-6)) return i;",
    name: "values[i] <= 1 + 1e-6 → (values[i] < 1 + 1e-6)",
    reason: "no number in single precision is equal to it",
  },
  {
    file: "optim/set_metrics/regression_metrics.ts",
    context: "const [short, long] = p.length < t.length ? [p, t] : [t, p];",
    name: "p.length < t.length → (p.length <= t.length)",
    reason: "shapes with as many axes may be compared in either order",
  },
  {
    file: "optim/set_metrics/mean_objective.ts",
    context: "const classes = counts.where(target, 0);",
    name: "0 → 1",
    reason: "a target that does not count may be of any class",
  },
  {
    file: "model/files/saved_history.ts",
    context: "for (let i = 0; 2 * i < words.length; i++) {",
    name: "2 * i < words.length → (2 * i <= words.length)",
    reason: "past the end of a column there are zeros, which are numbers of all fields",
  },
  {
    file: "optim/set_metrics/tally.ts",
    context: "if (i === LEVELS.length - 1 || most >= 2 ** 32) {",
    name: "most >= 2 ** 32 → (most > 2 ** 32)",
    reason: "all levels are added up in the end, and no count reaches the one at which this one would be full",
  },
  ...[
    [
      "if (sameShape(inner.slice(0, -1), shape.slice(1))) {",
      "inner.slice(0, -1), shape.slice(1)",
      "shape.slice(1), inner.slice(0, -1)",
    ],
    [
      "return sameShape(inner, shape.slice(1)) ? readRows(set, units) : none;",
      "inner, shape.slice(1)",
      "shape.slice(1), inner",
    ],
  ].map(([context, before, after]): Accepted => ({
    file: "model/training/classes.ts",
    context,
    name: `sameShape(${before}) → sameShape(${after})`,
    reason: "two shapes are the same in either order",
  })),
  ...["0 → 1", "0 → (-1)"].map((name): Accepted => ({
    file: "model/training/example_weights.ts",
    context: "return sumsOfExamples(weights.equal(0).where(0, means).mul(weights));",
    name,
    reason: "it is multiplied by the weight 0",
  })),
  {
    file: "model/training/example_weights.ts",
    context: "return sum.div(weight.equal(0).where(1, weight));",
    name: "1 → 2",
    reason: "without any weight, the sum is 0",
  },
  ...["2 → 3", "2 → (2 * 2)"].map((name): Accepted => ({
    file: "model/training/checked_classes.ts",
    context: "return checkedIndices(answers.equal(1).where(1, isNo.where(0, 2)), {",
    name,
    reason: "any number past the two classes is refused",
  })),
  {
    file: "optim/clipping.ts",
    context: "return Math.max(-140, Math.min(127, Math.round(Math.log2(limit))));",
    name: "Math.round → Math.floor",
    reason: "multiplying by either power of two leaves all digits as they are, and the limit is about 2⁻⁴⁰ with both",
  },
  {
    file: "optim/set_metrics/regression_metrics.ts",
    context: 'residuals: add("residuals", flat(p.sub(t)).square()),',
    name: "p.sub(t) → (t).sub(p)",
    reason: "differences are squared",
  },
  {
    file: "optim/set_metrics/regression_metrics.ts",
    context: "const base = known.where(least, 0);",
    name: "0 → 1",
    reason: "any finite number is as right if no target counts",
  },
  {
    file: "model/search/give_up.ts",
    context: "const sorted = values.toSorted((a, b) => a - b);",
    name: "a - b → ((b) - (a))",
    reason: "the median is the same from either end",
  },
  {
    file: "layers/unsupervised/rbm.ts",
    context: "...(persistent && { chains: state.chains }),",
    name: "persistent && { chains: state.chains } → ({ chains: state.chains })",
    reason: "only persistent chains are in the state",
  },
  {
    file: "model/training/target_fit.ts",
    context: "kindOfRows(read.set, width);",
    name: "kindOfRows(read.set, width); → ;",
    reason: "later checks read the targets themselves if no pass before has told what they are",
  },
  {
    file: "model/training/evaluation.ts",
    context: "if ((batch + 1) % BATCHES_AT_A_TIME !== 0 && batch + 1 < batches) continue;",
    name: "continue; → ;",
    reason: "sums that are read after each batch are the same, which only takes longer",
  },
  {
    file: "model/forward.ts",
    context: "if (needed.has(layer)) continue;",
    name: "continue; → ;",
    reason: "layers that are visited twice are in the set once",
  },
  {
    file: "model/training/output_metrics.ts",
    context: "return metrics.length > 0 ? metricReader(metrics) : undefined;",
    name: "metrics.length > 0 → (metrics.length >= 0)",
    reason: "a reader of no metrics reads none",
  },
  {
    file: "cli/runs/lines.ts",
    context: "if (kept.length > 0) begun.push(kept);",
    name: "kept.length → (kept.length + 1)",
    reason: "an empty piece adds nothing to a line",
  },
];
