/**
 * Keeps drivers from writing to standard error.
 *
 * @module
 */

const variable = "XDG_RUNTIME_DIR";

/**
 * Linux graphics drivers complain on standard error where `XDG_RUNTIME_DIR` is not set, though computing needs no display.
 * It is set to the folder for temporary files, if the program may do so without asking for permission.
 */
export function quietDriver(): void {
  const deno = globalThis.Deno;
  if (deno?.build?.os !== "linux") return;
  const granted = deno.permissions.querySync({ name: "env", variable }).state === "granted";
  if (granted && deno.env.get(variable) === undefined) deno.env.set(variable, "/tmp");
}
