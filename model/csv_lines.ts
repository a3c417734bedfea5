/**
 * Tables as CSV.
 *
 * @module
 */

/** Rows as CSV, each with the line end that RFC 4180 asks for. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(quoteCsv).join(",")}\r\n`).join("");
}

function quoteCsv(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
