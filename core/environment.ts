/**
 * The environment of the program, in Deno and in Node.
 *
 * @module
 */

const process = (): Partial<NodeJS.Process> | undefined => globalThis.process;

/**
 * Returns an environment variable; `undefined` if it is not set.
 *
 * @throws {Deno.errors.NotCapable} if Deno may not read it, and the user does not allow it.
 */
export function variableOf(name: string): string | undefined {
  return globalThis.Deno === undefined ? process()?.env?.[name] : Deno.env.get(name);
}

/** Returns an environment variable that may be read already; Deno does not ask for it. */
export function permittedVariable(name: string): string | undefined {
  return isPermitted({ name: "env", variable: name }) ? variableOf(name) : undefined;
}

/** Returns the operating system: `linux`, `darwin`, `windows`, and others by their names in Deno or in Node. */
export function systemOf(): string {
  if (globalThis.Deno !== undefined) return Deno.build.os;
  const system = process()?.platform ?? "unknown";
  return system === "win32" ? "windows" : system;
}

/** Whether something is permitted already, so that Deno does not ask. Other hosts permit everything. */
export function isPermitted(permission: Deno.PermissionDescriptor): boolean {
  return globalThis.Deno === undefined || Deno.permissions.querySync(permission).state === "granted";
}
