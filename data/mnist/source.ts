/**
 * What the places on the network have in common from which files of a data set can be downloaded.
 *
 * @module
 */

import type { ImageFile } from "./dataset.ts";
import type { DownloadOptions, DownloadProgress } from "./download.ts";

/** A file as a source sent it. */
export interface SentFile {
  readonly file: ImageFile;
  /** Its content, gzipped or not. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its name in messages: the address. */
  readonly name: string;
}

/** How files are downloaded. */
export interface SendOptions extends Omit<DownloadOptions, "onProgress"> {
  /** Called when a file is requested, and when bytes of it arrive. */
  readonly onProgress: (progress: { readonly file: string } & DownloadProgress) => void;
}

/** A place on the network that has files of a data set. */
export interface Source {
  /** Its name in messages: the host. */
  readonly name: string;
  /** Sends these files, one after the other; throws if it cannot. */
  send(files: readonly ImageFile[], options: SendOptions): AsyncIterable<SentFile>;
}
