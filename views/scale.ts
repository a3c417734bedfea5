/**
 * Scales of axes: the range that is drawn, and round numbers as ticks.
 *
 * @module
 */

/** A mark of an axis, and its label. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A scale of numbers. */
export interface Scale {
  readonly type: "linear" | "log";
  /** The smallest and the largest number that is drawn. */
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly Tick[];
  /** Marks without labels, between the ticks of a logarithmic scale. */
  readonly minor: readonly number[];
}

/** Options of {@linkcode linearScale}. */
export interface LinearOptions {
  /** The number of steps between ticks, about; default: 4. */
  readonly steps?: number;
  /** Whether all values are whole numbers, so that no tick is between them; default: false. */
  readonly whole?: boolean;
  /** Whether the scale starts at 0; default: false. */
  readonly fromZero?: boolean;
}

const MOST_POWERS = 6;
/** Scales of more powers of ten than this have no minor marks. */
const MOST_POWERS_WITH_MINOR = 4;
/** The part of a logarithmic scale that is left free at each end. */
const PADDING = 0.04;
/** Larger and smaller numbers are written with a power of ten, and axes that have only smaller ones. */
const LARGE = 1e5;
const SMALL = 1e-4;
const SMALL_AXIS = 1e-3;

/** Returns the smallest and the largest of the finite numbers, or 0 and 1 if there are none. */
export function boundsOf(values: readonly number[]): readonly [low: number, high: number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  return [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
}

/** Makes a scale with ticks at round numbers, whose first and last tick are its ends. */
export function linearScale(values: readonly number[], options: LinearOptions = {}): Scale {
  const { steps = 4, whole = false, fromZero = false } = options;
  const [least, greatest] = apart(boundsOf(values), whole);
  const low = fromZero ? Math.min(0, least) : least;
  const step = Math.max(whole ? 1 : 0, roundStep((greatest - low) / steps));
  const first = Math.floor(low / step + 1e-9);
  const count = Math.max(1, Math.ceil(greatest / step - 1e-9) - first);
  const numbers = Array.from({ length: count + 1 }, (_, i) => (first + i) * step);
  const largest = Math.max(Math.abs(numbers[0]), Math.abs(numbers[count]));
  const ticks = numbers.map((value) => ({ value, label: showTick(value, { step, largest }) }));
  return { type: "linear", domain: [numbers[0], numbers[count]], ticks, minor: [] };
}

/** Makes a logarithmic scale of positive numbers, with ticks at powers of ten. */
export function logScale(values: readonly number[]): Scale {
  const [least, greatest] = boundsOf(values).map(Math.log10);
  const padding = (greatest - least) * PADDING;
  const inside = powersBetween(least - padding, greatest + padding);
  const isNarrow = inside.length < 2;
  const [low, high] = isNarrow
    ? [Math.floor(least), Math.max(Math.floor(least) + 1, Math.ceil(greatest))]
    : [least - padding, greatest + padding];
  const powers = powersBetween(low, high);
  const every = Math.ceil(powers.length / MOST_POWERS);
  const shown = powers.filter((power) => (power - powers[0]) % every === 0);
  const isPlain = shown.every((power) => power >= 0 && 10 ** power < LARGE);
  const ticks = shown.map((power) => ({
    value: 10 ** power,
    label: isPlain ? String(10 ** power) : `10${superscript(power)}`,
  }));
  return { type: "log", domain: [10 ** low, 10 ** high], ticks, minor: minorOf(powers, [low, high]) };
}

/** Returns the marks at 2, 3, … 9 times the powers of ten. */
function minorOf(powers: readonly number[], [low, high]: readonly [number, number]): number[] {
  if (powers.length > MOST_POWERS_WITH_MINOR) return [];
  return [powers[0] - 1, ...powers].flatMap((power) => [2, 3, 4, 5, 6, 7, 8, 9].map((digit) => digit * 10 ** power))
    .filter((value) => Math.log10(value) >= low && Math.log10(value) <= high);
}

function powersBetween(low: number, high: number): number[] {
  const first = Math.ceil(low - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(high + 1e-9) - first + 1) }, (_, i) => first + i);
}

/** Returns a number as text, to three digits: `0.00123`, `1.2·10⁻⁸`. */
export function showNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= SMALL && size < LARGE) return String(Number(value.toPrecision(3)));
  return scientific(Number(value.toPrecision(3)));
}

/** Returns a tick as text, with as many digits as distinguish it from its neighbors. */
function showTick(value: number, { step, largest }: { readonly step: number; readonly largest: number }): string {
  const digits = -Math.floor(Math.log10(step) + 1e-9);
  const isZero = Math.abs(value) < step / 2;
  if (largest >= SMALL_AXIS && largest < LARGE) return (isZero ? 0 : value).toFixed(Math.min(100, Math.max(0, digits)));
  return isZero ? "0" : scientific(value, Math.max(0, Math.floor(Math.log10(Math.abs(value)) + 1e-9) + digits));
}

function scientific(value: number, digits?: number): string {
  const [mantissa, power] = value.toExponential(digits === undefined ? undefined : Math.min(digits, 15)).split("e");
  return `${Number(mantissa)}·10${superscript(Number(power))}`;
}

function superscript(power: number): string {
  return String(power).replaceAll(/[-\d]/g, (sign) => sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]);
}

/** Moves equal bounds a little apart. */
function apart([low, high]: readonly [number, number], whole: boolean): readonly [number, number] {
  if (high > low) return [low, high];
  const distance = whole ? 1 : Math.abs(low) / 2 || 1;
  return [low - distance, high + distance];
}

/** Returns the smallest of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, … that is not below a number. */
export function roundStep(least: number): number {
  const power = Math.floor(Math.log10(least));
  const digit = [1, 2, 5, 10].find((digit) => digit * 10 ** power >= least * (1 - 1e-9)) ?? 10;
  // A division, because 2 · 0.1 is less exact than 2 / 10.
  return power < 0 ? digit / 10 ** -power : digit * 10 ** power;
}
