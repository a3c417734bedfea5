/**
 * What a program prints, as pages show it. `…` stands for any text within a line, and alone on a line for any lines.
 * Times, speeds, numbers of threads and the kind of machine code belong to a machine, so they may differ.
 *
 * @module
 */

/** Removes what differs from machine to machine, and what nobody sees: spaces at the ends of lines, empty lines around. */
function essenceOf(text: string): string {
  const ofAnyMachine = text.replaceAll(/[\d.,]+ (s|ms|samples\/s|thread)s?\b/g, "‹number› $1")
    .replaceAll(/ with AVX\S+ products\b/g, "");
  return `${ofAnyMachine.replaceAll(/ +$/gm, "").replace(/^\n+|\n+$/g, "")}\n`;
}

/** Whether a program printed what a page shows. */
export function isPrinted(shown: string, printed: string): boolean {
  const pattern = essenceOf(shown).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/^…\n/gm, "(?:.*\n)*?").replaceAll("…", ".*");
  return new RegExp(`^${pattern}$`).test(essenceOf(printed));
}
