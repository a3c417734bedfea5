/**
 * New names for tensors, by layer or by path.
 *
 * @module
 */

import { nearestName } from "../core/nearest.ts";
import { textKind } from "../core/options/kinds.ts";
import { custom } from "../core/options/option.ts";
import { wrongKind } from "../core/options/read.ts";
import { showValue } from "../core/options/show.ts";
import { isPlainRecord } from "./files/json.ts";

/** New names of layers, or of paths such as `conv 1/W`, by the old ones; or a function of paths. */
export type Renaming = Readonly<Record<string, string>> | ((path: string) => string);

/** A {@linkcode Renaming}, as an option. */
export const renaming = custom<Renaming>({
  expected: "a record of new names, or a function of paths",
  accepts: (value): value is Renaming =>
    typeof value === "function" ||
    isPlainRecord(value) && Object.values(value).every((name) => typeof name === "string" && name !== ""),
});

/**
 * Tensors by their new names.
 *
 * @param action what is tried, for messages
 * @throws {RangeError} if two of them get the same name, or a name of the record belongs to none of them.
 * @throws {TypeError} if a function returns something other than a path.
 */
export function renameAll<T>(
  sources: ReadonlyMap<string, T>,
  rename: Renaming | undefined,
  action: string,
): ReadonlyMap<string, T> {
  if (rename === undefined) return sources;
  if (typeof rename !== "function") checkRenamed([...sources.keys()], rename, action);
  const renamed = new Map<string, T>();
  const before = new Map<string, string>();
  for (const [path, source] of sources) {
    const name = newName(path, rename, action);
    const other = before.get(name);
    if (other !== undefined) {
      throw new RangeError(
        `Cannot ${action}: expected rename to give each tensor another name, got ${showValue(name)} for ${
          showValue(other)
        } and ${showValue(path)}`,
      );
    }
    before.set(name, path);
    renamed.set(name, source);
  }
  return renamed;
}

function newName(path: string, rename: Renaming, action: string): string {
  if (typeof rename === "function") {
    const name: unknown = rename(path);
    if (!textKind.accepts(name)) throw wrongKind(action, `rename to return a path for ${showValue(path)}`, name);
    return name;
  }
  if (Object.hasOwn(rename, path)) return rename[path];
  const [layer] = path.split("/", 1);
  return Object.hasOwn(rename, layer) ? rename[layer] + path.slice(layer.length) : path;
}

/** Refuses names that nothing has. */
function checkRenamed(paths: readonly string[], rename: Readonly<Record<string, string>>, action: string): void {
  const known = [...new Set(paths.flatMap((path) => [path.split("/", 1)[0], path]))];
  const unknown = Object.keys(rename).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearestName(unknown, known);
  throw new RangeError(
    `Cannot ${action}: expected rename to have names of its layers or tensors, got ${showValue(unknown)}${
      near === undefined ? "" : `; did you mean ${near}?`
    }`,
  );
}
