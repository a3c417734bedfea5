/**
 * Imports a library under a name that nobody can read before the program runs, so that Deno fetches it only when it is
 * needed. In the package for npm, whose users have it installed, the script that makes that package replaces this
 * module by one that names each library, because bundlers must see the names.
 *
 * @module
 */

/** Imports a library by its name in an import map or in Node, and if Deno does not find it, from npm. */
export async function importLibrary<T>(name: string, version: string): Promise<T> {
  try {
    return await import(name);
  } catch (error) {
    if (globalThis.Deno === undefined) throw error;
    const specifier = `npm:${name}@${version}`;
    return await import(specifier);
  }
}
