/**
 * Pictures as values.
 *
 * @module
 */

import type { WritableFile } from "../core/web_file.ts";
import { writeAnyFile } from "../model/files/web_file.ts";

/** What notebooks show for a value: a text for each media type. */
export type MimeBundle = Readonly<Record<string, string>>;

/**
 * A picture, as an SVG that follows the reader's choice of light or dark colors. Immutable. Notebooks show it if it is
 * the last value of a cell.
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
  /** The SVG as text. */
  readonly svg: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** A sentence that describes it, for readers who cannot see it. */
  readonly description: string;

  /** Makes a picture of an SVG. */
  constructor({ svg, width, height, description }: Pick<Picture, "svg" | "width" | "height" | "description">) {
    this.svg = svg;
    this.width = width;
    this.height = height;
    this.description = description;
  }

  /**
   * Writes it to a file, either completely or not at all. Needs `--allow-read` and `--allow-write` for the folder. In
   * browsers, the file is one of the browser's file system.
   *
   * @throws {FileError} if it cannot be written.
   */
  save(file: WritableFile): Promise<void> {
    return writeAnyFile(file, [new TextEncoder().encode(`${this.svg}\n`)]);
  }

  /** The SVG as text. */
  toString(): string {
    return this.svg;
  }

  /** Returns what notebooks show. */ [Symbol.for("Jupyter.display")](): MimeBundle {
    return { "image/svg+xml": this.svg, "text/plain": this.description };
  }
}
