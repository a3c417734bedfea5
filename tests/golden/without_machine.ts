/**
 * Recorded texts may depend neither on the machine nor on versions.
 *
 * @module
 */

/** A text without what depends on the machine and on versions, and without digits that depend on rounding. */
export function withoutMachine(text: string): string {
  return text.replaceAll(/WebAssembly SIMD(?: with AVX\S+ products)?, \d+ threads?/g, "WebAssembly SIMD, N threads")
    .replaceAll(/\b(yadll|deno)("?[: ]+"?)\d+\.\d+\.\d+/g, "$1$2N")
    .replaceAll(/ \([^()]*\(os error \d+\)[^()]*\)/g, "")
    .replaceAll(/\bat file:\S+/g, "at FILE")
    .replaceAll(/\b\d+\.\d{6,}(e-?\d+)?/g, (number) => Number(number).toPrecision(4));
}

/** A text without the folders of paths. */
export function withoutPaths(text: string): string {
  return text.replaceAll(/(?:\/|[A-Z]:\\)[^\s"]*[/\\]([^\s"/\\]+)/g, "PATH/$1");
}
