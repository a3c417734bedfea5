/**
 * The record of operands that the kernels read from memory.
 *
 * @module
 */

/**
 * The byte offset of each 32-bit word of a record of operands within it. Addresses count from the start of the memory.
 *
 * The panels of rows hold, for each depth, `rows` successive singles, and the panels of columns `columns` (see
 * `NativeKernels`). For every panel of columns and every panel of rows, the kernels add
 * Σ_k rows[k][r] · columns[k][c], in the order of the depth k and with one rounding for each term, and store it in the
 * tile or add it to the tile. The part of the tile that belongs to the needed rows, and in these to whole panels of
 * columns, may be written; nothing else is.
 */
export const operands = {
  /** The address of the first panel of rows. */
  rows: 0,
  /** The address of the first panel of columns. */
  columns: 4,
  /** The address of the tile's first element. */
  tile: 8,
  /** The number of terms of each sum; 0 is allowed. */
  depth: 12,
  /** The bytes between two rows of the tile. */
  stride: 16,
  /** 0 if the products are stored, otherwise they are added to the tile. */
  adds: 20,
  /** The number of rows that are needed; the last panel of rows may be only partly used. */
  rowCount: 24,
  /** The number of columns that are needed; the last panel of columns may be only partly used. */
  columnCount: 28,
  /** The bytes from one panel of rows to the next. */
  rowPanelBytes: 32,
  /** The bytes from one panel of columns to the next. */
  columnPanelBytes: 36,
  /**
   * 0 if the columns are panels. Otherwise the address of a distance in bytes for each depth, and `columns` is the
   * address of a table of addresses, one for each piece of `PIECE` columns; so `columnPanelBytes` is that of the
   * addresses of a panel. A piece is read at the sum of its address and the distance. Both tables consist of 32-bit
   * words.
   */
  distances: 40,
} as const;

/** The bytes of a record of operands. Its address must be a multiple of 4. */
export const OPERANDS_BYTES = 44;
