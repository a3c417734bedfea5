/**
 * Diagrams of where the time of a compiled function goes, kernel by kernel.
 *
 * @module
 */

import { anyText } from "../core/options/kinds.ts";
import type { Declaration } from "../core/options/option.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { refuseSurplus } from "../core/options/surplus.ts";
import { profileKind } from "../core/profile/profile_kind.ts";
import type { KernelProfile, Profile } from "../core/profile/profile_record.ts";
import { threeDigits } from "../core/plan_text.ts";
import { kernelTexts, totalOf } from "../core/profile/show_profile.ts";
import { compose, type Panel } from "./compose.ts";
import type { Picture } from "./picture.ts";
import { plot } from "./plot.ts";
import { GAP, LINE, tableMarks, textTable } from "./text_table.ts";
import { seriesStyle } from "./theme.ts";

/** Options of {@linkcode profileDiagram}. */
export interface ProfileDiagramOptions {
  /** The title; default: the name of the function. */
  readonly title?: string;
}

/** {@linkcode ProfileDiagramOptions}, declared. */
export const profileDiagramOptions = {
  title: anyText({ otherwise: "the name of the function", help: "title" }),
} satisfies Declaration<ProfileDiagramOptions>;

const TITLES = ["kernel", "loops", "ms", "time", "GFLOP/s", "GB/s", "of the peak"] as const;
/** The columns of text, before those of numbers. */
const TEXTS = 2;
/** The length of the longest bar, and the height of bars. */
const [LONGEST_BAR, BAR] = [220, 10];
/** The height of the titles. */
const HEAD = LINE;

/** The kinds of kernels, in the order of their colors. */
const kinds: readonly KernelProfile["kind"][] = ["product", "reduction", "elementwise"];

const colorOf = ({ kind }: Pick<KernelProfile, "kind">): string => seriesStyle(kinds.indexOf(kind)).color;

/** The part of its time that a kernel would need at the peak of what limits it. */
const leastOf = ({ milliseconds, share }: KernelProfile): number => milliseconds * Math.min(1, share);

/**
 * Draws a profile: the kernels, the slowest first, with their loops, milliseconds, part of the time, rates, and the share
 * of the peak of what limits them (arithmetic or memory). Next to each is a bar as long as its time. The dark part of the
 * bar is the time that it would take at the peak, so what is pale is what a better kernel could save.
 *
 * @throws {TypeError} if `profile` is not the result of `profile`.
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { jit, ones, profile, type Tensor } from "@yadll/yadll/core";
 * import { profileDiagram } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const layer = jit((x: Tensor, w: Tensor) => x.matmul(w).tanh(), { name: "layer" });
 * const measured = await profile(layer, { rounds: 3 }, ones([4, 3]), ones([3, 2]));
 * const picture = await profileDiagram(measured);
 * assertStringIncludes(picture.svg, ">1 dot+tanh</text>");
 * ```
 */
export async function profileDiagram(profile: Profile, options: ProfileDiagramOptions = {}): Promise<Picture> {
  refuseSurplus("profileDiagram", arguments, 2);
  const action = "draw a profile";
  checkArgument(action, profile, profileKind);
  const { title } = readOptions<ProfileDiagramOptions, typeof profileDiagramOptions>(
    action,
    profileDiagramOptions,
    options,
  );
  const { name, device, milliseconds, kernelMilliseconds, rounds, kernels, peaks } = profile;
  const [step, inKernels] = [milliseconds, kernelMilliseconds].map(threeDigits);
  const note = `${step} ms on ${device}, the median of ${rounds} steps; ${inKernels} ms in kernels. ` +
    `Peaks: ${threeDigits(peaks.gigaflops)} GFLOP/s, ${threeDigits(peaks.gigabytes)} GB/s. ` +
    `The dark part of a bar is the time at the peak`;
  return compose({
    title: title ?? name,
    legend: kinds.filter((kind) => kernels.some((kernel) => kernel.kind === kind))
      .map((kind) => ({ label: kind, ...seriesStyle(kinds.indexOf(kind)), mark: "line" })),
    note,
    panels: [await diagram(profile)],
    columns: 1,
    description: `Where the time of ${name} goes: ${note}`,
  });
}

function diagram(profile: Profile): Promise<Panel> {
  const { kernels } = profile;
  const lines = kernels.map((kernel) => kernelTexts(kernel, totalOf(profile)));
  const table = textTable(TITLES, lines, { texts: TEXTS, head: HEAD });
  const left = table.width + GAP;
  const longest = Math.max(...kernels.map((kernel) => kernel.milliseconds), Number.MIN_VALUE);
  const [width, height] = [Math.ceil(left + LONGEST_BAR + GAP), HEAD + kernels.length * LINE + 4];
  const bars = (strokeOpacity: number, lengthOf: (kernel: KernelProfile) => number) => ({
    x1: left,
    x2: (kernel: KernelProfile) => left + LONGEST_BAR * lengthOf(kernel) / longest,
    y: (_: KernelProfile, line: number) => table.middleOf(line),
    stroke: colorOf,
    ...{ strokeOpacity, strokeWidth: BAR },
  });
  return plot((Plot) => ({
    width,
    height,
    ...{ margin: 0, x: { type: "identity" }, y: { type: "identity" }, color: { type: "identity" }, axis: null },
    style: { fontSize: "11px" },
    marks: [
      ...tableMarks(Plot, table, width),
      Plot.ruleY(kernels, bars(0.35, (kernel) => kernel.milliseconds)),
      Plot.ruleY(kernels, bars(1, leastOf)),
    ],
  }));
}
