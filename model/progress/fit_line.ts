/**
 * A line of several parts that fits a terminal.
 *
 * @module
 */

/** A part of a line. */
export interface LinePart {
  readonly text: string;
  /** A shorter text with the same content. */
  readonly short?: string;
  /** If the line is too long, parts of a high order are omitted first. */
  readonly order: number;
  /** Whether it belongs to the part before it: only one space precedes it, and it is omitted with that part. */
  readonly glued?: boolean;
}

/** All parts, or if they are longer than `room`, the most important ones, each as short as possible. */
export function fitLine(parts: readonly LinePart[], room: number): string {
  const joined = (some: readonly LinePart[]): string =>
    some.map(({ text, glued }, i) => `${i === 0 ? "" : glued ? " " : "  "}${text.replaceAll(/\p{Cc}+/gu, " ")}`).join(
      "",
    );
  const whole = joined(parts);
  if (widthOf(whole) <= room) return whole;
  const shortened = parts.map((part) => ({ ...part, text: part.short ?? part.text }));
  const kept = new Set<LinePart>();
  for (const part of shortened.toSorted((a, b) => a.order - b.order)) {
    const before = shortened[shortened.indexOf(part) - 1];
    if (part.glued && !kept.has(before)) continue;
    kept.add(part);
    const isFirst = kept.size === 1;
    if (!isFirst && widthOf(joined(shortened.filter((one) => kept.has(one)))) > room) kept.delete(part);
  }
  return cut(joined(shortened.filter((one) => kept.has(one))), room);
}

/** Characters that take two columns: those of East Asian scripts, and pictures. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u;

/** The columns that a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += wide.test(character) ? 2 : 1;
  return width;
}

/** The beginning of a text that fits. */
function cut(text: string, room: number): string {
  let [fitting, width] = ["", 0];
  for (const character of text) {
    width += widthOf(character);
    if (width > room) break;
    fitting += character;
  }
  return fitting;
}

/** A bar of ASCII characters, which every terminal can show. */
export function barOf(share: number, cells: number): string {
  const filled = Math.round(cells * share);
  return `[${"#".repeat(filled)}${".".repeat(cells - filled)}]`;
}
