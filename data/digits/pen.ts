/**
 * Writes digits: bends the strokes of a style and draws them with a pen.
 *
 * @module
 */

import type { Stroke, Style } from "./strokes.ts";
import type { RandomStream } from "../random_stream.ts";

/** Pixels along each side of an image. */
export const SIDE = 28;

/** Straight pieces between two points of a stroke. */
const PIECES = 4;

/** Pixels that the path of the pen may cover along one axis, so that the thickest stroke stays off the rim. */
const LONGEST = 21;

/** Nodes along each side of the grid whose shifts bend the writing. */
const GRID = 4;

/** A polyline: x and y of one point after the other. */
type Path = Float64Array;

/** The smooth curve through the points of a stroke, each moved by up to about `tremble` from its position. */
function trace(stroke: Stroke, tremble: number, random: RandomStream): Path {
  const points = stroke.map(([x, y]) => [x / 100 + random.bell(tremble), y / 100 + random.bell(tremble)] as const);
  const path = new Float64Array(2 * (PIECES * (points.length - 1) + 1));
  for (let i = 0, at = 0; i < points.length - 1; i++) {
    const [before, from, to, after] = [
      points[i - 1] ?? points[i],
      points[i],
      points[i + 1],
      points[i + 2] ?? points[i + 1],
    ];
    const alongX = [before[0], from[0], to[0], after[0]] as const;
    const alongY = [before[1], from[1], to[1], after[1]] as const;
    const last = i === points.length - 2 ? PIECES : PIECES - 1;
    for (let piece = 0; piece <= last; piece++) {
      const t = piece / PIECES;
      path[at++] = catmullRom(alongX, t);
      path[at++] = catmullRom(alongY, t);
    }
  }
  return path;
}

/** The cubic that runs from `b` to `c` with the slopes of the chords `a`–`c` and `b`–`d`. */
function catmullRom([a, b, c, d]: readonly [number, number, number, number], t: number): number {
  return b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))) / 2;
}

/** Bends paths by the shifts of a coarse grid, with smooth interpolation. */
function bend(paths: readonly Path[], strength: number, random: RandomStream): void {
  const shifts = Float64Array.from({ length: 2 * GRID * GRID }, () => random.bell(strength));
  for (const path of paths) {
    for (let i = 0; i < path.length; i += 2) {
      const cell = { column: cellOf(path[i]), row: cellOf(path[i + 1]) };
      path[i] += shiftAt(shifts, 0, cell);
      path[i + 1] += shiftAt(shifts, 1, cell);
    }
  }
}

/**
 * The cell of the grid that contains a position: the node before it along each axis, and the distance from that node.
 */
interface Cell {
  readonly column: readonly [node: number, share: number];
  readonly row: readonly [node: number, share: number];
}

/** The shift at a position: the four nodes around it, mixed by a smooth step in x and y. */
function shiftAt(shifts: Float64Array, axis: 0 | 1, { column: [column, u], row: [row, v] }: Cell): number {
  const node = 2 * (row * GRID + column) + axis;
  const top = shifts[node] + u * (shifts[node + 2] - shifts[node]);
  const below = node + 2 * GRID;
  const bottom = shifts[below] + u * (shifts[below + 2] - shifts[below]);
  return top + v * (bottom - top);
}

function cellOf(place: number): readonly [node: number, share: number] {
  const scaled = Math.min(Math.max(place, 0), 1) * (GRID - 1);
  const node = Math.min(Math.floor(scaled), GRID - 2);
  const t = scaled - node;
  return [node, t * t * (3 - 2 * t)];
}

/** Rotates and slants paths. The rotation is given by `turn`, the tangent of half the angle, which needs no sine. */
function slant(paths: readonly Path[], turn: number, shear: number): void {
  const cosine = (1 - turn * turn) / (1 + turn * turn);
  const sine = 2 * turn / (1 + turn * turn);
  for (const path of paths) {
    for (let i = 0; i < path.length; i += 2) {
      const x = path[i] - shear * path[i + 1];
      const y = path[i + 1];
      path[i] = cosine * x - sine * y;
      path[i + 1] = sine * x + cosine * y;
    }
  }
}

/** The lowest and the highest coordinate of paths along one axis. */
function extentOf(paths: readonly Path[], axis: 0 | 1): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const path of paths) {
    for (let i = axis; i < path.length; i += 2) {
      low = Math.min(low, path[i]);
      high = Math.max(high, path[i]);
    }
  }
  return [low, high];
}

/** Moves and scales paths so that they fill a box of about 20 pixels near the middle of the image, off its rim. */
function place(paths: readonly Path[], random: RandomStream): void {
  const [left, right] = extentOf(paths, 0);
  const [top, bottom] = extentOf(paths, 1);
  const [width, height] = [right - left, bottom - top];
  const scaleY = random.uniform(16, 20.5) / Math.max(width, height);
  const scaleX = Math.min(scaleY * random.uniform(0.72, 1.12), LONGEST / width);
  const centerX = nearMiddle(random.bell(1.1), scaleX * width);
  const centerY = nearMiddle(random.bell(0.9), scaleY * height);
  for (const path of paths) {
    for (let i = 0; i < path.length; i += 2) {
      path[i] = centerX + scaleX * (path[i] - (left + right) / 2);
      path[i + 1] = centerY + scaleY * (path[i + 1] - (top + bottom) / 2);
    }
  }
}

/** The middle of the image moved by `shift`, or by less if writing of this length would reach the rim. */
function nearMiddle(shift: number, length: number): number {
  const room = Math.max(0, (LONGEST + 0.5 - length) / 2);
  return SIDE / 2 + Math.min(Math.max(shift, -room), room);
}

/** Draws the straight piece that starts at `at` with a round pen; each pixel keeps the darkest ink that it gets. */
function draw(ink: Float64Array, { path, at }: { readonly path: Path; readonly at: number }, radius: number): void {
  const [x0, y0, x1, y1] = [path[at], path[at + 1], path[at + 2], path[at + 3]];
  const [dx, dy] = [x1 - x0, y1 - y0];
  const perLength = 1 / Math.max(dx * dx + dy * dy, 1e-9);
  const reach = radius + 0.5;
  const [left, right] = [firstPixel(Math.min(x0, x1) - reach), lastPixel(Math.max(x0, x1) + reach)];
  const [top, bottom] = [firstPixel(Math.min(y0, y1) - reach), lastPixel(Math.max(y0, y1) + reach)];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [x, y] = [column + 0.5 - x0, row + 0.5 - y0];
      const t = Math.min(Math.max((x * dx + y * dy) * perLength, 0), 1);
      const [ex, ey] = [x - t * dx, y - t * dy];
      const cover = reach - Math.sqrt(ex * ex + ey * ey);
      const pixel = row * SIDE + column;
      if (cover > ink[pixel]) ink[pixel] = cover;
    }
  }
}

function firstPixel(edge: number): number {
  return Math.max(0, Math.floor(edge));
}

function lastPixel(edge: number): number {
  return Math.min(SIDE - 1, Math.floor(edge));
}

/**
 * Writes one digit.
 *
 * @param ink A field of {@linkcode SIDE}² numbers to write on; it is cleared first. Ink of 1 and more is full.
 */
export function write(style: Style, ink: Float64Array, random: RandomStream): void {
  const paths = style.map((stroke) => trace(stroke, 0.014, random));
  bend(paths, 0.07, random);
  slant(paths, random.bell(0.085), random.bell(0.22) - 0.06);
  place(paths, random);
  ink.fill(0);
  const radius = random.uniform(0.55, 1.75);
  for (const path of paths) {
    let pressure = 1 + random.bell(0.1);
    for (let at = 0; at < path.length - 2; at += 2) {
      pressure += 0.3 * (1 - pressure) + random.bell(0.05);
      draw(ink, { path, at }, Math.max(0.4, radius * pressure));
    }
  }
}
