/**
 * What the losses of a learning-rate range test say.
 *
 * Sources: L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2015; fastai's `lr_find` and Lightning's
 * `Tuner.lr_find`, which smooth the losses and stop in the same way.
 *
 * @module
 */

/** A step of a range test. */
export interface RatePoint {
  /** The learning rate. */
  readonly rate: number;
  /** The mean cost of the batch before the step. */
  readonly loss: number;
  /** The moving average of the losses so far, corrected for its beginning. */
  readonly smoothed: number;
}

/** The result of a learning-rate range test. */
export interface LearningRateRange {
  /** The steps, in the order of their rates. */
  readonly points: readonly RatePoint[];
  /**
   * A learning rate to train with: the lower one of `steepest` and a tenth of `lowest`, which are fastai's suggestions
   * `steep` and `minimum`; null if the smoothed loss does not fall.
   */
  readonly suggestion: number | null;
  /**
   * The rate before `lowest` at which the smoothed loss falls most steeply over the logarithm of the rate. The first tenth
   * of the steps does not count, since its average is one of few batches.
   */
  readonly steepest: number | null;
  /** The rate with the lowest smoothed loss, after the same steps; a training with it is about to diverge. */
  readonly lowest: number | null;
  /** Why it ended: all rates were tried, the loss diverged, or a signal stopped it. */
  readonly stop: "steps" | "diverged" | "aborted";
}

/** The share of the first steps at which the smoothed loss is that of few batches, which may be easy or hard ones. */
const SETTLING = 0.1;

/** The number of first steps that do not count. */
export function settlingSteps(steps: number): number {
  return Math.ceil(SETTLING * steps);
}

/** The share of the rate with the lowest loss at which a training is safe from divergence. */
const SAFE_SHARE = 0.1;

/** The rates from the first to the last: each is the same multiple of the one before it. */
export function exponentialRates(from: number, to: number, steps: number): number[] {
  const ratio = Math.log(to / from) / Math.max(1, steps - 1);
  return Array.from({ length: steps }, (_, i) => i === steps - 1 && i > 0 ? to : from * Math.exp(ratio * i));
}

/** A moving average of losses that gives each the share 1 − `smoothing`, divided by the sum of the shares so far. */
export function smoother(smoothing: number): (loss: number) => number {
  let [average, rest] = [0, 1];
  return (loss) => {
    average = smoothing * average + (1 - smoothing) * loss;
    rest *= smoothing;
    return average / (1 - rest);
  };
}

/** Whether a smoothed loss is this many times the lowest one of the points before it, or not finite. */
export function hasDiverged(smoothed: number, points: readonly RatePoint[], divergence: number): boolean {
  if (!Number.isFinite(smoothed)) return true;
  const lowest = points.reduce((least, point) => Math.min(least, point.smoothed), Infinity);
  return lowest > 0 && smoothed > divergence * lowest;
}

/** How a range test ended, and how many of its first points do not count. */
export interface RangeEnd {
  readonly stop: LearningRateRange["stop"];
  readonly settling: number;
}

/** What the points of a range test say. */
export function judgeRates(points: readonly RatePoint[], { stop, settling }: RangeEnd): LearningRateRange {
  const first = Math.min(settling, Math.max(0, points.length - 1));
  let end = first;
  for (let i = first; i < points.length; i++) if (points[i].smoothed < points[end].smoothed) end = i;
  let [greatest, steepest]: [number, number | null] = [0, null];
  for (let i = Math.max(1, first); i < end; i++) {
    const change = points[i + 1].smoothed - points[i - 1].smoothed;
    if (change < greatest) [greatest, steepest] = [change, points[i].rate];
  }
  const lowest = points.length === 0 ? null : points[end].rate;
  const suggestion = steepest === null || lowest === null ? null : Math.min(steepest, lowest * SAFE_SHARE);
  return { points, suggestion, steepest, lowest, stop };
}
