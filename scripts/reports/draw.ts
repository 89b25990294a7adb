import domino, { type DomNode } from '@mixmark-io/domino';
import * as Plot from '@observablehq/plot';
import { Html, escaped } from './html.ts';

/** A plot: how Observable Plot is to draw it, and what it is for who cannot see it. */
export interface Drawing {
  /** A sentence: what is plotted against what. */
  readonly title: string;
  readonly options: Plot.PlotOptions & { readonly height: number };
  /** Names and their colours: the legend above the plot. */
  readonly legend?: readonly LegendEntry[] | undefined;
}

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
}

/** As wide as the text of a phone, so that nothing has to be scaled down there: 12 pixels of text stay 12. */
export const plotWidth = 358;
const fontSize = 12;
const legendRowHeight = 20;

/**
 * A plot as SVG: well-formed XML without a script. Colours are `currentColor` and variables of the page, so that one
 * picture is both light and dark. Same drawing: same bytes.
 */
export function draw({ title, options, legend = [] }: Drawing): Html {
  const rows = legendRows(legend);
  const legendHeight = legendRowHeight * rows.length;
  const height = options.height + legendHeight;
  const svg: unknown = Plot.plot({
    ...options,
    width: plotWidth,
    document: domino.createDocument('') as never,
  });
  const content = Array.from((svg as DomNode).childNodes, asXml).join('');
  const paper = `xmlns="http://www.w3.org/2000/svg" width="${plotWidth}" height="${height}" viewBox="0 0 ${plotWidth} ${height}"`;
  const text = `font-family="system-ui, sans-serif" font-size="${fontSize}" text-anchor="middle" fill="currentColor"`;
  const words = `role="img" aria-label="${escaped(title)}"`;
  const plot = `<g transform="translate(0 ${legendHeight})">${content}</g>`;
  return new Html(`<svg ${paper} ${text} ${words}>${legendOf(rows)}${plot}</svg>`);
}

/** The same plot as a file of its own, larger: on white paper or, where people prefer that, on dark. */
export function drawFile(drawing: Drawing): string {
  const svg = draw(drawing).toString();
  const larger = svg.replace(/ width="(\d+)" height="(\d+)"/, (_, width: string, height: string) => {
    return ` width="${Number(width) * fileScale}" height="${Number(height) * fileScale}"`;
  });
  return `${larger.replace('>', `><style>${fileStyle}</style>`)}\n`;
}

const fileScale = 1.5;

/** The variables that drawings use, for pages and for files. Okabe and Ito's colours, distinct to colour-blind readers. */
export const colourVariables = {
  light:
    '--c0:#0072b2;--c1:#d55e00;--c2:#007a5a;--c3:#b0528b;--c4:#8a6d00;--c5:#3a8fc4;--c6:#555555;--paper:#ffffff;--ink:#1c2024',
  dark: '--c0:#56b4e9;--c1:#ff9a57;--c2:#2fc79a;--c3:#e59ac6;--c4:#f0d545;--c5:#9ccff0;--c6:#b5b5b5;--paper:#14171a;--ink:#e6e8ea',
};
const colourCount = 7;

/** The colour of the i-th series. */
export function colourOf(i: number): string {
  return `var(--c${i % colourCount})`;
}

/** The colour of what is left over. */
export const restColour = 'color-mix(in srgb, currentColor 30%, transparent)';

const fileStyle =
  `svg{${colourVariables.light};color:var(--ink);background:var(--paper)}` +
  `@media (prefers-color-scheme:dark){svg{${colourVariables.dark}}}`;

interface PlacedEntry extends LegendEntry {
  readonly x: number;
}

/** The entries in as many rows as it takes. */
function legendRows(legend: readonly LegendEntry[]): PlacedEntry[][] {
  const rows: PlacedEntry[][] = [];
  let end = Infinity;
  for (const { name, colour } of legend) {
    const text = name.length > legendTextMax ? `${name.slice(0, legendTextMax - 1)}…` : name;
    const width = legendGap + text.length * letterWidth;
    if (end + width > plotWidth) {
      rows.push([]);
      end = 0;
    }
    rows.at(-1)!.push({ name: text, colour, x: end });
    end += width;
  }
  return rows;
}

const legendTextMax = 44;
/** Between entries, the dot included. */
const legendGap = 26;
/** Nearly that of a wide letter: nobody measures text here. */
const letterWidth = 7;

function legendOf(rows: readonly (readonly PlacedEntry[])[]): string {
  const entries = rows.flatMap((row, i) =>
    row.map(({ name, colour, x }) => {
      const y = 12 + i * legendRowHeight;
      const dot = `<circle cx="${x + 6}" cy="${y}" r="5" fill="${colour}"/>`;
      return `${dot}<text x="${x + 16}" y="${y}" dy="0.35em" text-anchor="start">${escaped(name)}</text>`;
    }),
  );
  return entries.length === 0 ? '' : `<g>${entries.join('')}</g>`;
}

/** Attributes in which long decimals are places on paper, and not words. */
const isPlace = /^(?:x|y|cx|cy|r|rx|ry|d|dx|dy|width|height|points|transform)\d?$/;

/** A node as XML, but for Plot's own style sheet, which is for pages of many plots. */
function asXml(node: DomNode): string {
  if (node.nodeType === textNode) return escaped(node.data);
  const name = node.localName;
  if (name === 'style') return '';
  // The picture as a whole has a description; its parts have no roles of their own.
  const told = Array.from(node.attributes).filter((attribute) => !attribute.name.startsWith('aria-'));
  const attributes = told
    .map((attribute) => {
      return ` ${attribute.name}="${escaped(rounded(attribute.name, attribute.value))}"`;
    })
    .join('');
  const content = Array.from(node.childNodes, asXml).join('');
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

const textNode = 3;

/** To hundredths of a pixel: a sixth of the bytes, and no digits that depend on a machine. */
function rounded(name: string, value: string): string {
  if (!isPlace.test(name)) return value;
  return value.replaceAll(/-?\d+\.\d{3,}(?:e-?\d+)?|-?\d+e-\d+/g, (digits) =>
    String(Number(Number(digits).toFixed(2)) || 0),
  );
}
