/**
 * Which rows one thread or workgroup reduces several times, one reduction after the other.
 *
 * @module
 */

/** Rows of at most this many elements stay in the cache of one thread between two reductions. */
const LONGEST_ROW = 8192;
/** So few elements are computed by one thread in any case. */
const FEW_ELEMENTS = 65536;

/** Whether reductions of these rows that depend on each other may share a kernel. */
export function areChained({ length, rows }: { readonly length: number; readonly rows: number }): boolean {
  return length <= LONGEST_ROW || length * rows <= FEW_ELEMENTS;
}
