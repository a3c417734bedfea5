/**
 * Mirrors: servers that have the four files, gzipped, in one folder.
 *
 * @module
 */

import { downloadFile } from "./download.ts";
import type { Source } from "./source.ts";

/** The source of a mirror, by the address of its folder. */
export function mirrorSource(folder: string): Source {
  return {
    name: new URL(folder).host,
    async *send(files, { onProgress, ...options }) {
      for (const file of files) {
        const name = `${folder}${file.name}.gz`;
        const bytes = await downloadFile(name, {
          ...options,
          onProgress: (progress) => onProgress({ file: file.name, ...progress }),
        });
        yield { file, bytes, name };
      }
    },
  };
}
