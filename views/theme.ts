/**
 * The colors of pictures, for readers who choose light and for those who choose dark.
 *
 * A picture has the light colors as attributes, which every program understands, and a style sheet that replaces them
 * if the reader prefers dark.
 *
 * @module
 */

/** A color: light, and dark. */
export type Shade = readonly [light: string, dark: string];

/** The background, and letters on filled areas. */
export const background: Shade = ["#ffffff", "#0d1117"];

/** Lines and letters; used as `currentColor`. */
export const ink: Shade = ["#1c2330", "#e6e9ef"];

/** Good: the diagonal, the best. */
export const good: Shade = ["#0072b2", "#58b4f5"];

/** Bad: off the diagonal. */
export const bad: Shade = ["#d55e00", "#ff8f4d"];

/**
 * The colors of series, which most color-blind readers can distinguish.
 *
 * Source: Okabe and Ito, "Color universal design", 2008; the yellow ones darkened for white paper.
 */
export const seriesShades: readonly Shade[] = [
  good,
  bad,
  ["#008f68", "#2fd3a0"],
  ["#a8448e", "#e394cf"],
  ["#8a6d00", "#e8c34a"],
  ["#5f6b7a", "#a8b3c2"],
];

/** Dashes of series whose colors repeat; the first is a solid line. */
export const dashes: readonly string[] = ["none", "6 3", "2 3", "8 3 2 3"];

/** The style of a series. */
export interface SeriesStyle {
  readonly color: string;
  readonly dash: string;
}

/** Returns the style of the series with this number. */
export function seriesStyle(number: number): SeriesStyle {
  const round = Math.floor(number / seriesShades.length);
  return { color: seriesShades[number % seriesShades.length][0], dash: dashes[round % dashes.length] };
}

function darken([light, dark]: Shade): string {
  return ["fill", "stroke"].map((use) => `.yadll-picture [${use}="${light}"]{${use}:${dark}}`).join("");
}

/** The style sheet of every picture. */
export const styleSheet: string = [
  `.yadll-picture{color:${ink[0]};max-width:100%;height:auto}`,
  `@media (prefers-color-scheme:dark){.yadll-picture{color:${ink[1]}}`,
  ...[background, bad, ...seriesShades.filter((shade) => shade !== bad)].map(darken),
  "}",
].join("\n");
