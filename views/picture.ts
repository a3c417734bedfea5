/**
 * Pictures as values.
 *
 * @module
 */

import { writeAtomically } from "../model/files/atomic.ts";

/** What notebooks show of a value: a text for each kind of medium. */
export type MimeBundle = Readonly<Record<string, string>>;

/**
 * A picture: its SVG, which follows the reader's choice of light or dark. Immutable. Notebooks show it when a cell ends
 * with it.
 *
 * @example
 * ```ts
 * import { Picture } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const dot = new Picture({
 *   svg: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4" cx="4" cy="4"/></svg>',
 *   width: 9,
 *   height: 9,
 *   description: "A dot",
 * });
 * const folder = await Deno.makeTempDir();
 * await dot.save(`${folder}/dot.svg`);
 * assertEquals(await Deno.readTextFile(`${folder}/dot.svg`), `${dot}\n`);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class Picture {
  /** The text of the SVG. */
  readonly svg: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** What it shows, in a sentence, for those who do not see it. */
  readonly description: string;

  /** A picture of an SVG's text. */
  constructor({ svg, width, height, description }: Pick<Picture, "svg" | "width" | "height" | "description">) {
    this.svg = svg;
    this.width = width;
    this.height = height;
    this.description = description;
  }

  /**
   * Writes it to a file, whole or not at all. Needs `--allow-read` and `--allow-write` for the folder.
   *
   * @throws {FileError} if it cannot be written.
   */
  save(file: string | URL): Promise<void> {
    return new Promise((resolve) => resolve(writeAtomically(file, [new TextEncoder().encode(`${this.svg}\n`)])));
  }

  /** The text of the SVG. */
  toString(): string {
    return this.svg;
  }

  /** What notebooks show. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return { "image/svg+xml": this.svg, "text/plain": this.description };
  }
}
