/** Markup. Values from data enter it only through {@link html}, which escapes them. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** A value in markup: text and numbers are escaped, arrays are joined, `undefined` and `false` are omitted. */
export type HtmlPart = string | number | Html | undefined | false | readonly HtmlPart[];

/** Markup with values: html`<p>${text}</p>`. All values but {@link Html} are escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.map((text, i) => text + (i < parts.length ? markupOf(parts[i]) : '')).join(''));
}

function markupOf(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(markupOf).join('');
}

/**
 * Escapes text for HTML and XML, between tags and in quoted attributes. Characters that neither allows (control
 * characters, lone surrogates) become U+FFFD.
 */
export function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // eslint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}
