/**
 * Keeps drivers from writing to standard error.
 *
 * @module
 */

const variable = "XDG_RUNTIME_DIR";

/**
 * Linux graphics drivers complain on standard error if `XDG_RUNTIME_DIR` is not set, although computing needs no
 * display. Sets it to the folder for temporary files if the program already has the permission.
 */
export function quietDriver(): void {
  const deno = globalThis.Deno;
  if (deno?.build?.os !== "linux") return;
  const granted = deno.permissions.querySync({ name: "env", variable }).state === "granted";
  if (granted && deno.env.get(variable) === undefined) deno.env.set(variable, "/tmp");
}
