/**
 * Names of hidden files that belong to another file.
 *
 * @module
 */

/** The most bytes of the name of a file, in UTF-8. */
const LONGEST_NAME = 255;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** FNV-1a, 32 bits. */
function checksumOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const hash = bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
  return hash.toString(16).padStart(8, "0");
}

/**
 * The beginning of the names of hidden files that belong to a file: `.NAME.`. If `more` bytes could not follow it, since
 * names have at most 255 bytes, it is the beginning of the name and a checksum of all of it.
 */
export function hiddenStart(name: string, more: number): string {
  const most = LONGEST_NAME - "..".length - more;
  if (bytesOf(name) <= most) return `.${name}.`;
  const end = `~${checksumOf(name)}`;
  let beginning = name;
  while (bytesOf(beginning) > most - end.length) beginning = [...beginning].slice(0, -1).join("");
  return `.${beginning}${end}.`;
}
