/**
 * How pictures were made inputs of a network, and what its classes mean: a part of models, and of their files.
 *
 * @module
 */

import { textKind } from "../../core/options/kinds.ts";
import { readUntyped } from "../../core/options/read.ts";
import { list, oneOf } from "../../core/options/values.ts";
import { register } from "../recognized.ts";
import { provideReader } from "../steps/readers.ts";
import { type ImageOptions, imageOptions, type ImageSettings } from "./image_options.ts";

/** The preprocessing of pictures as plain data. */
export interface ImagePreprocessingConfiguration extends Required<ImageOptions> {
  /** Distinguishes it from other kinds. */
  readonly kind: "images";
  /** The names of the classes, by their numbers. */
  readonly classes: readonly string[];
}

/** How pictures were made inputs of a network. Immutable; {@linkcode readImages} applies it to other pictures. */
export class ImagePreprocessing {
  /** The preprocessing as plain data, as files of models contain it. */
  readonly configuration: ImagePreprocessingConfiguration;

  /** Made by {@linkcode readImageFolder}. */
  constructor(settings: ImageSettings & Pick<ImagePreprocessingConfiguration, "classes">) {
    register("preprocessing of images", this);
    const { size, channels, fit, background, classes } = settings;
    this.configuration = { kind: "images", size, channels, fit, background, classes };
  }

  /** The names of the classes, by their numbers. */
  get classes(): readonly string[] {
    return this.configuration.classes;
  }
}

const declaration = {
  kind: oneOf(["images"], { required: true }),
  ...imageOptions,
  classes: list(textKind, { required: true, items: "names of classes" }),
};

/**
 * The preprocessing of pictures of plain data, all of which is checked.
 *
 * @throws {TypeError} if something in it is missing, or of another kind.
 * @throws {RangeError} if a value is out of bounds.
 */
export function imagePreprocessingOf(given: Readonly<Record<string, unknown>>): ImagePreprocessing {
  return new ImagePreprocessing(readUntyped("read a preprocessing of pictures", declaration, given));
}

// For programs that load all modules. Bundles have this module only if they use it.
provideReader("images", imagePreprocessingOf);
