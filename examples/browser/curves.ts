/**
 * The learning curves of the page, as SVG text.
 *
 * @module
 */

/** The errors after an epoch, in percent. */
export interface EpochErrors {
  readonly training: number;
  readonly validation: number;
}

/** The size of the picture in pixels, and the number of epochs on its axis. */
export interface CurvesOptions {
  readonly width: number;
  readonly epochs: number;
}

const HEIGHT = 240;
const AREA = { left: 58, right: 14, top: 34, bottom: 44 } as const;
const STEPS = 4;

/** The lines: their names, colors of the page's style sheet, and dashes, so that colors are not needed. */
const lines = [
  { name: "training", color: "var(--training)", dash: "6 4" },
  { name: "validation", color: "var(--validation)", dash: "none" },
] as const;

/** Draws the errors in training and validation over the epochs, with numbers at both axes. */
export function curves(errors: readonly EpochErrors[], { width, epochs }: CurvesOptions): string {
  const values = errors.flatMap(({ training, validation }) => [training, validation]).filter(Number.isFinite);
  const highest = roundUp(Math.max(0, ...values));
  const [right, bottom] = [width - AREA.right, HEIGHT - AREA.bottom];
  // The first epoch is at the left end of the axis.
  const x = (epoch: number): number =>
    AREA.left + 10 + (right - AREA.left - 20) * (epoch - 1) / Math.max(1, epochs - 1);
  const y = (error: number): number => bottom - (bottom - AREA.top) * error / highest;
  const parts = [
    ...Array.from({ length: STEPS + 1 }, (_, i) => horizontalTick(y(i * highest / STEPS), i * highest / STEPS, right)),
    ...Array.from({ length: epochs }, (_, i) => verticalTick(x(i + 1), i + 1, bottom)),
    `<text x="${(AREA.left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">epoch</text>`,
    `<text transform="translate(14 ${(AREA.top + bottom) / 2}) rotate(-90)" text-anchor="middle">error (%)</text>`,
    ...lines.map((line, i) => legend(line, AREA.left + i * 110)),
    ...lines.flatMap((line) => curve(line, errors.map((error, i) => [x(i + 1), y(error[line.name])]))),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" ` +
    `height="${HEIGHT}" font-size="13" fill="currentColor" role="img" ` +
    `aria-label="Errors in training and validation after each epoch">\n${parts.join("\n")}\n</svg>`;
}

/** Returns the smallest of 10, 20, 40, 60, 80, 100 that is not below an error. */
function roundUp(error: number): number {
  return error <= 10 ? 10 : Math.min(100, 20 * Math.ceil(error / 20));
}

function horizontalTick(at: number, value: number, right: number): string {
  return `<path d="M${AREA.left},${round(at)}H${right}" stroke="currentColor" stroke-opacity="0.2"/>` +
    `<text x="${AREA.left - 8}" y="${round(at + 4.5)}" text-anchor="end">${value}</text>`;
}

function verticalTick(at: number, epoch: number, bottom: number): string {
  return `<path d="M${round(at)},${bottom}v5" stroke="currentColor" stroke-opacity="0.6"/>` +
    `<text x="${round(at)}" y="${bottom + 19}" text-anchor="middle">${epoch}</text>`;
}

type Line = (typeof lines)[number];

function legend({ name, color, dash }: Line, left: number): string {
  return `<path d="M${left},12h24" stroke="${color}" stroke-width="2.5" stroke-dasharray="${dash}"/>` +
    `<text x="${left + 30}" y="16.5">${name}</text>`;
}

function curve({ color, dash }: Line, points: readonly (readonly [x: number, y: number])[]): string[] {
  const shown = points.filter(([, y]) => Number.isFinite(y)).map(([x, y]) => [round(x), round(y)]);
  if (shown.length === 0) return [];
  return [
    `<path class="curve" d="M${shown.map(([x, y]) => `${x},${y}`).join("L")}" fill="none" stroke="${color}" ` +
    `stroke-width="2.5" stroke-dasharray="${dash}"/>`,
    ...shown.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="4" fill="${color}"/>`),
  ];
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
