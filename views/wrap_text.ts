/**
 * Texts in lines of limited length.
 *
 * @module
 */

/** Cuts a text off after a number of letters. */
export function cut(label: string, most: number): string {
  return label.length > most ? `${label.slice(0, Math.max(1, most - 1)).trimEnd()}…` : label;
}

/** Shortens a text in its middle, because names that begin alike often end differently. */
export function cutMiddle(label: string, most: number): string {
  if (label.length <= most) return label;
  const end = Math.floor((most - 1) / 2);
  return `${label.slice(0, Math.max(1, most - 1 - end))}…${label.slice(label.length - end)}`;
}

/**
 * Breaks a text into lines of at most `most` letters: between words, or within a long word at its parts, such as
 * `learning` and `Rate`. What does not fit the last line is cut off.
 */
export function wrapText(text: string, most: number, lines: number): string[] {
  const limit = Math.max(1, most);
  const wrapped: string[] = [];
  let rest = text;
  while (rest.length > limit && wrapped.length < lines - 1) {
    const end = breakBefore(rest, limit);
    wrapped.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === "" && wrapped.length > 0 ? wrapped : [...wrapped, cut(rest, limit)];
}

/** Returns the end of a line of at most `limit` letters, after the last space or the last part of a word. */
function breakBefore(text: string, limit: number): number {
  const space = text.lastIndexOf(" ", limit);
  if (space > 0) return space;
  for (let end = limit; end > limit / 2; end--) {
    const isPart = /[-_./:+]/.test(text[end - 1]) || /[a-z\d]/.test(text[end - 1]) && /[A-Z]/.test(text[end]);
    if (isPart) return end;
  }
  return limit;
}
