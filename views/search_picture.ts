/**
 * What a search found.
 *
 * @module
 */

import { searchSvg } from "../model/search/picture.ts";
import type { SearchResult } from "../model/search/result.ts";
import { Picture } from "./picture.ts";

/**
 * The results of a search: a panel for each hyperparameter that was searched, a dot for each combination at its validation
 * error, the best one marked. It is that of `searchSvg` and of HTML tables, drawn without any library, so that a search of
 * days never ends without its picture for want of one.
 *
 * @example
 * ```ts
 * import { finish, gridSearch, hyperparameters } from "@yadll/yadll/model";
 * import { searchPicture } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const build = () => Promise.reject(new RangeError("Cannot build it"));
 * const picture = searchPicture(await finish(gridSearch(hyperparameters({ nUnits: [5, [5, 10]] }), build)));
 * assertEquals(picture.description, "0 of 2 combinations have a validation error");
 * ```
 */
export function searchPicture(result: SearchResult): Picture {
  const svg = searchSvg(result);
  const [, width, height, caption] = /width="(\d+)" height="(\d+)" role="img" aria-label="([^"]*)"/.exec(svg) ?? [];
  return new Picture({ svg, width: Number(width), height: Number(height), description: caption });
}
