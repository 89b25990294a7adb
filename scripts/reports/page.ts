import { readFileSync } from 'node:fs';
import { colourVariables } from './draw.ts';
import { Html, type HtmlPart, html } from './html.ts';
import type { Provenance } from './provenance.ts';

export interface Section {
  readonly title: string;
  readonly content: HtmlPart;
}

interface Page {
  readonly title: string;
  /** The measured quantity and the data. */
  readonly lead: string;
  readonly sections: readonly Section[];
  readonly provenance: Provenance;
}

/**
 * A page in one file. It loads and runs nothing: its content security policy forbids both, whatever a title contains.
 * Same input, same bytes.
 */
export function pageText({ title, lead, sections, provenance }: Page): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${new Html(style())}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p>${lead}</p>
        </header>
        <main>
          ${sections.map(
            (section) =>
              html`<section>
                <h2>${section.title}</h2>
                ${section.content}
              </section>`,
          )}
        </main>
        <footer>
          <h2>How this was made</h2>
          <pre tabindex="0">${provenance.command}</pre>
          <p>${provenance.versions.map(({ name, version }) => `${name} ${version}`).join(', ')}</p>
        </footer>
      </body>
    </html> `;
  return page.toString();
}

/** A table whose first column names the rows. */
interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly HtmlPart[])[];
  /** Whether cells are words, aligned left, rather than numbers. */
  readonly areWords?: boolean;
}

/** A table in a box that scrolls on narrow screens. */
export function table({ caption, columns, rows, areWords = false }: Table): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption}">
    <table ${areWords && new Html('class="words"')}>
      <caption>
        <span>${caption}</span>
      </caption>
      <thead>
        <tr>
          ${columns.map((name) => (name === '' ? html`<td></td>` : html`<th scope="col">${name}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A plot with its caption. */
export function figure(plot: Html, caption: string): Html {
  return html`<figure>
    ${plot}
    <figcaption>${caption}</figcaption>
  </figure>`;
}

/** Plots side by side, if they fit. */
export function figures(...all: readonly Html[]): Html {
  return html`<div class="figures">${all}</div>`;
}

function style(): string {
  const { light, dark } = colourVariables;
  const rules = readFileSync(new URL('page.css', import.meta.url), 'utf8');
  return `:root{${light}}\n@media (prefers-color-scheme:dark){:root{${dark}}}\n${rules}`;
}
