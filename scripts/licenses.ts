/**
 * The table of all dependencies with version, license and integrity: `LICENSES.md`, out of `deno.lock`.
 *
 * `deno task licenses` writes it. Licenses are those that the packages in Deno's cache state; for packages that are not
 * in the cache, those that the table states already. `scripts/licenses_test.ts` compares the table with `deno.lock`, and
 * needs no cache.
 *
 * @module
 */

import { join } from "@std/path";

/** A dependency. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  /** The hash with which Deno checks the package when it downloads it. */
  readonly integrity: string;
  /** Why it is there: a direct dependency, or one of these packages needs it. */
  readonly neededBy: string;
}

/** A line of the table. */
export interface Licensed extends Dependency {
  /** As an SPDX identifier. */
  readonly license: string;
}

interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, { readonly integrity: string; readonly dependencies?: readonly string[] }>>;
}

const root = join(import.meta.dirname!, "..");

/** The path of the table. */
export const tablePath: string = join(root, "LICENSES.md");

/** The name and the version of a key of the lock file, such as `a@1.0.0`, or `a@1.0.0_b@2.0.0` with a peer. */
function partsOf(key: string): { readonly name: string; readonly version: string } {
  const [name, version] = [key.slice(0, key.indexOf("@", 1)), key.slice(key.indexOf("@", 1) + 1)];
  return { name, version: version.split("_")[0] };
}

/** All packages from npm in the lock file, by name. */
export function dependenciesIn(lock: Lock): Dependency[] {
  const direct = new Set(Object.keys(lock.specifiers).map((one) => partsOf(one.replace(/^npm:/, "")).name));
  return Object.entries(lock.npm).map(([key, { integrity }]) => {
    const { name, version } = partsOf(key);
    const users = Object.entries(lock.npm).filter(([, { dependencies = [] }]) =>
      dependencies.some((one) => one === name || one.startsWith(`${name}@`))
    );
    const neededBy = direct.has(name) ? "this package" : users.map(([user]) => partsOf(user).name).join(", ");
    return { name, version, integrity, neededBy };
  });
}

/** The lock file of this repository. */
export function readLock(): Lock {
  return JSON.parse(Deno.readTextFileSync(join(root, "deno.lock")));
}

/** The lines of a table. */
export function linesOf(table: string): Licensed[] {
  const rows = table.split("\n").filter((line) => /^\| `/.test(line));
  return rows.map((row) => {
    const [name, version, license, neededBy, integrity] = row.split("|").slice(1, -1).map((cell) => cell.trim());
    return { name: plain(name), version, license, neededBy, integrity: plain(integrity) };
  });
}

function plain(cell: string): string {
  return cell.replaceAll("`", "");
}

/** The text of the table. */
export function tableOf(lines: readonly Licensed[]): string {
  const rows = lines.map(({ name, version, license, neededBy, integrity }) =>
    `| \`${name}\` | ${version} | ${license} | ${neededBy} | \`${integrity}\` |`
  );
  return `# Licenses of the dependencies

The package itself has the [MIT license](LICENSE). These are the packages from npm that \`deno.lock\` fixes. They draw
pictures, read formats of other programs, and help tests; training needs none of them. From JSR there are
\`@std/assert\`, \`@std/cli\` and \`@std/path\` (MIT), for which \`vendor/\` has stand-ins that belong to this repository.
\`deno task licenses\` writes this table, and a test compares it with \`deno.lock\`.

| package | version | license | needed by | integrity |
| ------- | ------- | ------- | --------- | --------- |
${rows.join("\n")}
`;
}

/** The license that a package in Deno's cache states; undefined if it is not there. */
function statedLicense(cache: string, { name, version }: Dependency): string | undefined {
  try {
    const path = join(cache, "registry.npmjs.org", name, version, "package.json");
    const { license } = JSON.parse(Deno.readTextFileSync(path));
    return typeof license === "string" ? license : undefined;
  } catch {
    return undefined;
  }
}

function cacheFolder(): string {
  const { stdout } = new Deno.Command("deno", { args: ["info", "--json"] }).outputSync();
  return JSON.parse(new TextDecoder().decode(stdout)).npmCache;
}

if (import.meta.main) {
  const cache = cacheFolder();
  const known = new Map(linesOf(await Deno.readTextFile(tablePath).catch(() => "")).map((line) => [line.name, line]));
  const lines = dependenciesIn(readLock()).map((one) => {
    const license = statedLicense(cache, one) ?? known.get(one.name)?.license;
    if (license !== undefined) return { ...one, license };
    throw new Error(
      `Cannot find the license of ${one.name} ${one.version}: state it in LICENSES.md, or run deno install`,
    );
  });
  await Deno.writeTextFile(tablePath, tableOf(lines));
  await new Deno.Command("deno", { args: ["fmt", "--quiet", tablePath] }).output();
  const counts = Map.groupBy(lines, ({ license }) => license);
  console.log([...counts].map(([license, { length }]) => `${length} ${license}`).join(", "));
}
