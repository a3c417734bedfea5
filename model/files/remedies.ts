/**
 * What can be done about errors of the file system.
 *
 * @module
 */

import { dirname } from "./paths.ts";

type Remedy = (path: string) => string;

const remedies = (): readonly (readonly [abstract new (...args: never) => Error, Remedy])[] => [
  [
    Deno.errors.NotFound,
    (path) =>
      dirname(path) === "."
        ? "there is no such file; check the path"
        : `there is no such file or folder; create the folder ${dirname(path)}, or check the path`,
  ],
  [
    Deno.errors.NotCapable,
    (path) => `Deno has no permission; run with --allow-read=${dirname(path)} --allow-write=${dirname(path)}`,
  ],
  [Deno.errors.PermissionDenied, () => "the system does not permit it; change its owner or mode, or use another path"],
];

/** Error codes of the system. */
const codes: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space, or save elsewhere",
  EROFS: "the disk is read-only; save elsewhere",
  EIO: "the disk reports an error; save elsewhere, and check the disk",
  EISDIR: "it is a folder; give the path of a file",
  ELOOP: "it is a link that leads to itself; remove it",
  ENAMETOOLONG: "the name is too long; use a shorter one",
};

/** The cause of an error of a file as text, with how to fix it. */
export function describeCause(cause: unknown, path: string): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? codes[cause.code] : undefined;
  const remedy = code ?? (globalThis.Deno && remedies().find(([kind]) => cause instanceof kind)?.[1](path));
  return remedy === undefined ? cause.message : `${remedy} (${cause.message})`;
}
