/**
 * Panels drawn by Observable Plot.
 *
 * @module
 */

import type * as PlotLibrary from "@observablehq/plot";
import type { Panel } from "./compose.ts";
import { loadLibrary } from "./drawing_libraries.ts";

/** The library. */
export type Plot = typeof PlotLibrary;

/** Options of a plot; the size is required. */
export type PlotOptions = PlotLibrary.PlotOptions & { readonly width: number; readonly height: number };

/** Makes a plot with the options that `describe` returns. */
export async function plot(describe: (library: Plot) => PlotOptions): Promise<Panel> {
  const [library, { DOMParser }] = await Promise.all([loadLibrary("@observablehq/plot"), loadLibrary("linkedom")]);
  const options = describe(library);
  const document = new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml");
  const element = library.plot({ ...options, document });
  return { svg: tidy(element.outerHTML), width: options.width, height: options.height };
}

const numbers = /(?<= (?:d|transform|x|y|x1|x2|y1|y2|cx|cy|width|height)=")[^"]+(?=")/g;

/** Removes the style sheet, and rounds coordinates to a tenth of a pixel. */
function tidy(svg: string): string {
  return svg
    .replace(/<style>[^<]*<\/style>/, "")
    .replaceAll(
      numbers,
      (text) => text.replaceAll(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1)))),
    );
}
