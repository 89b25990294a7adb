/**
 * Text that is safe to show beside other text: without control characters except line breaks and tabs, and without the marks
 * that change the direction of what follows (a title must not turn the address below it around). Joined emoji and plain
 * right-to-left text stay as they are.
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll(/(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069\uFEFF]/gu, '');
}

/** {@link plainText} on one line, as headers and titles have it. */
export function oneLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim();
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** {@link plainText} for the content and the quoted attributes of HTML. */
export function htmlText(text: string): string {
  return plainText(text).replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
