/**
 * The npm registry that this machine uses.
 *
 * @module
 */

import { isPermitted, permittedVariable } from "../../core/environment.ts";
import { hostFiles, notAFile } from "../../core/host_files.ts";

/** Longer files are no settings. */
const MOST_BYTES = 2 ** 20;

const DEFAULT = "https://registry.npmjs.org/";

/** The environment variables that name a registry. npm sets the second one for programs that it starts. */
const variables = ["NPM_CONFIG_REGISTRY", "npm_config_registry"];

/**
 * The address of the registry, with a slash at its end: that of `NPM_CONFIG_REGISTRY`, otherwise of the file `.npmrc`
 * in the current folder or in the home folder, otherwise `https://registry.npmjs.org/`. What this program may not read
 * is left out: Deno never prompts for it.
 */
export function npmRegistry(): string {
  const named = first(variables, permittedVariable) ??
    first([".", permittedVariable("HOME"), permittedVariable("USERPROFILE")], registryIn);
  return named ?? DEFAULT;
}

/** The first valid address that a lookup finds. */
function first<T>(places: readonly T[], lookUp: (place: T) => string | undefined): string | undefined {
  for (const place of places) {
    const url = URL.parse(lookUp(place) ?? "");
    if (url?.protocol === "https:" || url?.protocol === "http:") return url.href.replace(/\/*$/, "/");
  }
  return undefined;
}

/** The registry in the `.npmrc` of a folder: a line such as `registry=https://npm.example.com/`. */
function registryIn(folder: string | undefined): string | undefined {
  const path = `${folder}/.npmrc`;
  if (folder === undefined || !isPermitted({ name: "read", path })) return undefined;
  try {
    const files = hostFiles(`read ${path}`);
    if (notAFile(path) !== undefined || files.statSync(path).size > MOST_BYTES) return undefined;
    return /^\s*registry\s*=\s*["']?(?<url>[^"'\s]+)/m.exec(
      new TextDecoder().decode(files.readFileSync(path)),
    )?.groups?.url;
  } catch {
    return undefined; // most folders have no such file
  }
}
