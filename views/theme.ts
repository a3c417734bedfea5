/**
 * The colours of pictures, for readers who choose light and for those who choose dark.
 *
 * A picture holds the light colours as attributes, which every program understands, and a style sheet that replaces them
 * where the reader prefers dark.
 *
 * @module
 */

/** A colour: light, and dark. */
export type Shade = readonly [light: string, dark: string];

/** What lies behind everything, and letters on a filled ground. */
export const background: Shade = ["#ffffff", "#0d1117"];

/** Lines and letters; used as `currentColor`. */
export const ink: Shade = ["#1c2330", "#e6e9ef"];

/** Good: what is on the diagonal, what is best. */
export const good: Shade = ["#0072b2", "#58b4f5"];

/** Bad: what is beside the diagonal. */
export const bad: Shade = ["#d55e00", "#ff8f4d"];

/**
 * Series, to be told apart by most readers who see colours differently.
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

/** Dashes of series whose colours come round again; the first is a whole line. */
export const dashes: readonly string[] = ["none", "6 3", "2 3", "8 3 2 3"];

/** How a series is drawn. */
export interface SeriesStyle {
  readonly color: string;
  readonly dash: string;
}

/** The style of the series of this number. */
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
