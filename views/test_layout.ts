/**
 * The layout of pictures: the boxes of their texts, and whether anything overlaps or is cut off.
 *
 * @module
 */

import { assert } from "@std/assert";
import { DOMParser } from "linkedom";

/** An element, as far as a layout needs it. */
interface Element {
  readonly tagName: string;
  readonly textContent: string;
  readonly parentElement: Element | null;
  readonly children: Iterable<Element>;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

type Point = readonly [x: number, y: number];

/** A line of text, and the corners of the space that it takes. */
export interface TextBox {
  readonly text: string;
  readonly corners: readonly Point[];
}

/** The usual width of a letter, and the extents of letters above and below their line, per pixel of the font size. */
const LETTER = 0.6;
const ABOVE = 0.72;
const BELOW = 0.1;
/** Texts may come as near as this. */
const TOLERANCE = 0.5;

function parse(svg: string): Element {
  const document: { documentElement: Element } = new DOMParser().parseFromString(svg, "image/svg+xml");
  return document.documentElement;
}

/** The value of an attribute of an element or of the nearest one around it that has it. */
function inherited(element: Element | null, name: string): string | undefined {
  for (let one = element; one; one = one.parentElement) {
    const value = one.getAttribute(name);
    if (value !== null) return value;
  }
  return undefined;
}

function lengthOf(text: string | null | undefined, size: number): number {
  if (!text) return 0;
  return text.endsWith("em") ? parseFloat(text) * size : parseFloat(text);
}

function sizeOf(element: Element): number {
  for (let one: Element | null = element; one; one = one.parentElement) {
    const style = /font-size:\s*([\d.]+)px/.exec(one.getAttribute("style") ?? "");
    const size = one.getAttribute("font-size") ?? style?.[1];
    if (size) return parseFloat(size);
  }
  return 16;
}

/** Moves a point by the transforms and positions of an element and all around it. */
function placed(point: Point, element: Element | null): Point {
  let [x, y] = point;
  for (let one = element; one; one = one.parentElement) {
    for (
      const [, name, content] of [...(one.getAttribute("transform") ?? "").matchAll(/(\w+)\(([^)]*)\)/g)].reverse()
    ) {
      const [a, b = 0] = content.split(/[ ,]+/).map(Number);
      if (name === "translate") [x, y] = [x + a, y + b];
      if (name !== "rotate") continue;
      const [sine, cosine] = [Math.sin(a * Math.PI / 180), Math.cos(a * Math.PI / 180)];
      [x, y] = [x * cosine - y * sine, x * sine + y * cosine];
    }
    if (one.tagName.toLowerCase() === "svg" && one.parentElement) {
      [x, y] = [x + lengthOf(one.getAttribute("x"), 0), y + lengthOf(one.getAttribute("y"), 0)];
    }
  }
  return [x, y];
}

/** Returns the boxes of all lines of text. */
export function textBoxes(svg: string): TextBox[] {
  return boxesIn(parse(svg));
}

function boxesIn(root: Element): TextBox[] {
  return [...root.querySelectorAll("text")].flatMap((element) => {
    const size = sizeOf(element);
    const lines = [...element.querySelectorAll("tspan")];
    let y = lengthOf(element.getAttribute("y"), size) + lengthOf(element.getAttribute("dy"), size);
    return (lines.length === 0 ? [element] : lines).map((line) => {
      const text = line.textContent.trim();
      if (line !== element) y += lengthOf(line.getAttribute("dy"), size);
      const x = lengthOf(line.getAttribute("x") ?? element.getAttribute("x"), size);
      const width = text.length * size * LETTER;
      const anchor = inherited(element, "text-anchor") ?? "start";
      const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
      const [top, bottom] = [y - ABOVE * size, y + BELOW * size];
      const corners: Point[] = [[left, top], [left + width, top], [left + width, bottom], [left, bottom]];
      return { text, corners: corners.map((corner) => placed(corner, element)) };
    });
  });
}

/** The least upright box around a box. */
function boundsOf({ corners }: TextBox): readonly [left: number, top: number, right: number, bottom: number] {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Fails if two of the boxes have a point in common. Upright boxes around them show quickly that most have none. */
function assertApart(boxes: readonly TextBox[], name: string): void {
  const bounds = boxes.map(boundsOf);
  for (const [i, [left, top, right, bottom]] of bounds.entries()) {
    for (let j = 0; j < i; j++) {
      const [otherLeft, otherTop, otherRight, otherBottom] = bounds[j];
      if (otherRight < left || otherLeft > right || otherBottom < top || otherTop > bottom) continue;
      const [text, other] = [i, j].map((at) => JSON.stringify(boxes[at].text));
      assert(!overlap(boxes[i], boxes[j]), `${name}: ${text} overlaps ${other}`);
    }
  }
}

/** Whether two boxes, which may be at angles, have a point in common: no side of one separates them. */
function overlap(a: TextBox, b: TextBox): boolean {
  return [a, b].every(({ corners }) =>
    corners.every((corner, i) => {
      const next = corners[(i + 1) % corners.length];
      const length = Math.hypot(next[0] - corner[0], next[1] - corner[1]) || 1;
      const normal: Point = [(next[1] - corner[1]) / length, (corner[0] - next[0]) / length];
      const [one, other] = [a, b].map((box) => box.corners.map(([x, y]) => x * normal[0] + y * normal[1]));
      return Math.max(...one) > Math.min(...other) + TOLERANCE && Math.max(...other) > Math.min(...one) + TOLERANCE;
    })
  );
}

/** Fails if texts of a picture overlap, or a text or a mark is not completely inside of it or of its panel. */
export function assertReadable(svg: string, name = "picture"): void {
  const root = parse(svg);
  const [, , width, height] = root.getAttribute("viewBox")!.split(" ").map(Number);
  const boxes = boxesIn(root).filter(({ text }) => text !== "");
  for (const { text, corners } of boxes) {
    for (const [x, y] of corners) {
      const isInside = x >= -TOLERANCE && x <= width + TOLERANCE && y >= -TOLERANCE && y <= height + TOLERANCE;
      assert(
        isInside,
        `${name}: ${JSON.stringify(text)} is cut off at ${x.toFixed()}, ${y.toFixed()} of ${width}, ${height}`,
      );
    }
  }
  assertApart(boxes, name);
  for (const mark of root.querySelectorAll("circle, line")) {
    for (const [h, v] of [["cx", "cy"], ["x1", "y1"], ["x2", "y2"]]) {
      const [across, down] = [mark.getAttribute(h), mark.getAttribute(v)];
      if (across === null || down === null) continue;
      const radius = Number(mark.getAttribute("r") ?? 0);
      const [x, y] = placed([Number(across), Number(down)], mark);
      const isInside = x >= radius && y >= radius && x <= width - radius && y <= height - radius;
      assert(isInside, `${name}: a mark at ${x.toFixed()}, ${y.toFixed()} is cut off`);
    }
  }
  assertInPanels(root, name);
}

/** Fails if a text leaves the panel that it is in, because panels hide what is outside of them. */
function assertInPanels(root: Element, name: string): void {
  for (const panel of root.querySelectorAll("svg svg")) {
    const [width, height] = ["width", "height"].map((side) => Number(panel.getAttribute(side)));
    const [left, top] = placed([0, 0], panel);
    const anchor = panel.getAttribute("text-anchor") ?? "start";
    const inside = `<svg font-size="11" text-anchor="${anchor}">${innerOf(panel)}</svg>`;
    for (const { text, corners } of textBoxes(inside)) {
      for (const [x, y] of corners) {
        const isInside = x >= -1 && y >= -1 && x <= width + 1 && y <= height + 1;
        assert(
          isInside,
          `${name}: ${JSON.stringify(text)} leaves its panel at ${left}, ${top}: ${x.toFixed()}, ${y.toFixed()}`,
        );
      }
    }
  }
}

function innerOf(panel: Element): string {
  return "innerHTML" in panel && typeof panel.innerHTML === "string" ? panel.innerHTML : "";
}
