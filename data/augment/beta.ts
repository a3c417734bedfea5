/**
 * Quantiles of symmetric beta distributions.
 *
 * @module
 */

/** Coefficients of Lanczos for the logarithm of the gamma function, with g = 7 and 9 terms. */
const LANCZOS = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** The logarithm of the gamma function, for numbers above 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const [first, ...others] = LANCZOS;
  const sum = others.reduce((before, one, i) => before + one / (x + i), first);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * The probability that a number of Beta(α, α) is below x ≤ 1/2: the regularized incomplete beta function, by its continued
 * fraction.
 */
function below(alpha: number, x: number): number {
  if (x === 0) return 0;
  const front = Math.exp(alpha * (Math.log(x) + Math.log1p(-x)) + logGamma(2 * alpha) - 2 * logGamma(alpha)) / alpha;
  let fraction = 1;
  for (let m = 20 + Math.ceil(4 * Math.sqrt(alpha)); m >= 1; m--) {
    const even = m * (alpha - m) * x / ((alpha + 2 * m - 1) * (alpha + 2 * m));
    const odd = -(alpha + m) * (2 * alpha + m) * x / ((alpha + 2 * m) * (alpha + 2 * m + 1));
    fraction = 1 + even / (1 + odd / fraction);
  }
  const first = -(2 * alpha) * x / (alpha + 1);
  return front / (1 + first / fraction);
}

/** The x ≤ 1/2 that a number of Beta(α, α) is below with a probability of at most 1/2, by bisection. */
function quantile(alpha: number, probability: number): number {
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (below(alpha, middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The number of quantiles. */
export const QUANTILES = 1024;

/** Quantiles are multiples of this, so rounding of the host does not matter. */
const QUANTUM = 2 ** -20;

/** Quantiles of Beta(α, α) at the middles of equal parts of the probability, in their order. */
export function betaQuantiles(alpha: number): number[] {
  const half = Array.from(
    { length: QUANTILES / 2 },
    (_, i) => Math.round(quantile(alpha, (i + 0.5) / QUANTILES) / QUANTUM) * QUANTUM,
  );
  return [...half, ...half.map((one) => 1 - one).reverse()];
}
