/**
 * NPY files for tests.
 *
 * @module
 */

/** An NPY file of version 1 with this header and content. */
export function npy(header: string, content: Iterable<number>): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`${header}\n`);
  const begin = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length, 0, ...text];
  return Uint8Array.from([...begin, ...content]);
}

/** The header of elements of a type, in a shape that is written as in Python. */
export function headerOf(descr: string, shape: string, columnsFirst = "False"): string {
  return `{'descr': '${descr}', 'fortran_order': ${columnsFirst}, 'shape': ${shape}, }`;
}
