/**
 * What can be done about errors of the file system.
 *
 * @module
 */

import { isNotFound } from "../../core/host_files.ts";
import { type FileFacts, machineFiles } from "./file_system.ts";
import { dirname } from "./paths.ts";

type Remedy = (path: string) => string;

const missing: Remedy = (path) => {
  if (isDanglingLink(path)) return DANGLING;
  const folder = dirname(path);
  return folder === "." || dirname(folder) === folder || kindOf(folder) !== undefined
    ? "there is no such file; check the path"
    : `there is no such file or folder; create the folder ${folder}, or check the path`;
};

/** What to do about a link whose target does not exist. */
export const DANGLING = "it is a link that leads nowhere; remove it, or create what it leads to";

/** Whether a path is a symbolic link whose target does not exist; false if that cannot be found out. */
export function isDanglingLink(path: string): boolean {
  if (kindOf(path) !== "link") return false;
  try {
    machineFiles.followSync(path);
    return false;
  } catch (error) {
    return isNotFound(error);
  }
}

/** The kind of what is at a path; undefined if nothing is there, or that cannot be found out. */
function kindOf(path: string): FileFacts["kind"] | undefined {
  try {
    return machineFiles.factsSync(path)?.kind;
  } catch {
    return undefined;
  }
}

const refused: Remedy = (path) =>
  `Deno has no permission; run with --allow-read=${dirname(path)} --allow-write=${dirname(path)}`;

const forbidden: Remedy = () => "the system does not permit it; change its owner or mode, or use another path";

const remedies = (): readonly (readonly [abstract new (...args: never) => Error, Remedy])[] => [
  [Deno.errors.NotFound, missing],
  [Deno.errors.NotCapable, refused],
  [Deno.errors.PermissionDenied, forbidden],
];

/** Remedies of Node, whose errors have codes instead of classes. */
const nodeRemedies: Readonly<Record<string, Remedy>> = { ENOENT: missing, EACCES: forbidden, EPERM: forbidden };

/** Error codes of the system. */
const codes: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space, or save elsewhere",
  EROFS: "the disk is read-only; save elsewhere",
  EIO: "the disk reports an error; save elsewhere, and check the disk",
  EISDIR: "it is a folder; give the path of a file",
  ENOTDIR: "a part of the path is a file, not a folder; check the path",
  ELOOP: "it is a link that leads to itself; remove it",
  ENAMETOOLONG: "the name is too long; use a shorter one",
};

function remedyOf(cause: Error): Remedy | undefined {
  if (globalThis.Deno !== undefined) return remedies().find(([kind]) => cause instanceof kind)?.[1];
  return "code" in cause && typeof cause.code === "string" ? nodeRemedies[cause.code] : undefined;
}

/** Whether a file or folder does not exist, or Deno has no permission to use it. */
export function isMissingOrRefused(cause: unknown): boolean {
  const remedy = cause instanceof Error ? remedyOf(cause) : undefined;
  return remedy === missing || remedy === refused;
}

/** The cause of an error of a file as text, with how to fix it. */
export function describeCause(cause: unknown, path: string): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? codes[cause.code] : undefined;
  const remedy = code ?? remedyOf(cause)?.(path);
  return remedy === undefined ? cause.message : `${remedy} (${cause.message})`;
}
