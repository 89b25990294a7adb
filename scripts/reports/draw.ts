import domino, { type DomNode } from '@mixmark-io/domino';
import * as Plot from '@observablehq/plot';
import { Html, escaped } from './html.ts';

/** A plot: options for Observable Plot, and a description for readers who cannot see it. */
export interface Drawing {
  /** The two plotted quantities. */
  readonly title: string;
  readonly options: Plot.PlotOptions & { readonly height: number };
  /** The legend above the plot. */
  readonly legend?: readonly LegendEntry[] | undefined;
}

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
}

/** The text width of a phone, so that plots are not scaled down there and 12 px text stays 12 px. */
export const plotWidth = 358;
const fontSize = 12;
const legendRowHeight = 20;

/**
 * Draws a plot as SVG: well-formed XML without scripts. Colours are `currentColor` and variables of the page, so that it
 * works in light and dark mode. Same drawing, same bytes.
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
  const size = `xmlns="http://www.w3.org/2000/svg" width="${plotWidth}" height="${height}" viewBox="0 0 ${plotWidth} ${height}"`;
  const text = `font-family="system-ui, sans-serif" font-size="${fontSize}" text-anchor="middle" fill="currentColor"`;
  const label = `role="img" aria-label="${escaped(title)}"`;
  const plot = `<g transform="translate(0 ${legendHeight})">${content}</g>`;
  return new Html(`<svg ${size} ${text} ${label}>${legendOf(rows)}${plot}</svg>`);
}

/** Draws a plot as a standalone file, larger, with a light or dark background by the reader's preference. */
export function drawFile(drawing: Drawing): string {
  const svg = draw(drawing).toString();
  const larger = svg.replace(/ width="(\d+)" height="(\d+)"/, (_, width: string, height: string) => {
    return ` width="${Number(width) * fileScale}" height="${Number(height) * fileScale}"`;
  });
  return `${larger.replace('>', `><style>${fileStyle}</style>`)}\n`;
}

const fileScale = 1.5;

/** The CSS variables of drawings. The palette of Okabe and Ito is distinct to colour-blind readers. */
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

/** The colour of the remainder. */
export const restColour = 'color-mix(in srgb, currentColor 30%, transparent)';

const fileStyle =
  `svg{${colourVariables.light};color:var(--ink);background:var(--paper)}` +
  `@media (prefers-color-scheme:dark){svg{${colourVariables.dark}}}`;

interface PlacedEntry extends LegendEntry {
  readonly x: number;
}

/** Wraps the entries into rows. */
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
/** Space between entries, including the dot. */
const legendGap = 26;
/** About the width of a wide letter: text cannot be measured without a browser. */
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

/** Attributes whose decimals are coordinates or lengths. */
const isGeometry = /^(?:x|y|cx|cy|r|rx|ry|d|dx|dy|width|height|points|transform)\d?$/;

/** A node as XML, without Plot's own style sheet. */
function asXml(node: DomNode): string {
  if (node.nodeType === textNode) return escaped(node.data);
  const name = node.localName;
  if (name === 'style') return '';
  // The plot as a whole has a label; its parts have no roles.
  const kept = Array.from(node.attributes).filter((attribute) => !attribute.name.startsWith('aria-'));
  const attributes = kept
    .map((attribute) => {
      return ` ${attribute.name}="${escaped(rounded(attribute.name, attribute.value))}"`;
    })
    .join('');
  const content = Array.from(node.childNodes, asXml).join('');
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

const textNode = 3;

/** Rounds to hundredths of a pixel: a sixth of the bytes, and no digits that depend on the machine. */
function rounded(name: string, value: string): string {
  if (!isGeometry.test(name)) return value;
  return value.replaceAll(/-?\d+\.\d{3,}(?:e-?\d+)?|-?\d+e-\d+/g, (digits) =>
    String(Number(Number(digits).toFixed(2)) || 0),
  );
}
