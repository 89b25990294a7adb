/** Curves over one axis. */
export interface LinePlot {
  readonly x: string;
  readonly y: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

const [width, height] = [640, 360];
const margin = { left: 64, right: 150, top: 16, bottom: 44 };
/** Okabe and Ito's colours, which the colour-blind can tell apart. */
const colours = ['#000000', '#0072b2', '#009e73', '#d55e00', '#cc79a7', '#e69f00', '#56b4e9'];

/** A line plot as SVG, the y axis from 0; with a tick at each x. Same input: same bytes. */
export function linePlot({ x, y, lines }: LinePlot): string {
  const points = lines.flatMap((line) => line.points);
  const xs = [...new Set(points.map(([at]) => at))].toSorted((a, b) => a - b);
  const [xMin, xMax] = [xs[0] ?? 0, xs.at(-1) ?? 1];
  const step = niceStep(Math.max(...points.map(([, value]) => value), 1e-9) / 4);
  const yMax = step * Math.ceil(Math.max(...points.map(([, value]) => value), 1e-9) / step - 1e-9);
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const px = (at: number): string =>
    (margin.left + ((at - xMin) / (xMax - xMin || 1)) * (right - margin.left)).toFixed(1);
  const py = (value: number): string => (bottom - (value / yMax) * (bottom - margin.top)).toFixed(1);
  const parts: string[] = [];
  for (let i = 0; i * step <= yMax * 1.001; i++) {
    const at = py(i * step);
    parts.push(`<path d="M${margin.left} ${at}H${right}" stroke="#ddd"/>`);
    parts.push(textAt(margin.left - 8, Number(at) + 4, 'end', (i * step).toFixed(decimals(step))));
  }
  for (const at of spaced(xs, (value) => Number(px(value)))) {
    parts.push(`<path d="M${px(at)} ${bottom}v5" stroke="#333"/>`);
    parts.push(textAt(Number(px(at)), bottom + 19, 'middle', String(at)));
  }
  parts.push(textAt((margin.left + right) / 2, height - 6, 'middle', x));
  parts.push(
    `<g transform="translate(14 ${(margin.top + bottom) / 2}) rotate(-90)">${textAt(0, 0, 'middle', y)}</g>`,
  );
  for (const [i, line] of lines.entries()) {
    const colour = colours[i % colours.length]!;
    const path = line.points
      .toSorted(([a], [b]) => a - b)
      .map(([at, value]) => `${px(at)} ${py(value)}`)
      .join('L');
    parts.push(`<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const [at, value] of line.points) {
      parts.push(`<circle cx="${px(at)}" cy="${py(value)}" r="3" fill="${colour}"/>`);
    }
    const legend = margin.top + 12 + 20 * i;
    parts.push(`<path d="M${right + 14} ${legend - 4}h18" stroke="${colour}" stroke-width="2"/>`);
    parts.push(textAt(right + 38, legend, 'start', line.name));
  }
  const style = 'font-family="sans-serif" font-size="12"';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" ${style}>\n<rect width="100%" height="100%" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`
  );
}

function textAt(x: number, y: number, anchor: 'start' | 'middle' | 'end', words: string): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#333">${escaped}</text>`;
}

/** The smallest of 1, 2 or 5 times a power of ten that is no less. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((each) => each * power >= least) ?? 10);
}

function decimals(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

/** Those of ascending values that are far enough apart to be labelled, the last one among them. */
function spaced(values: readonly number[], place: (value: number) => number): number[] {
  const kept: number[] = [];
  for (const value of values.toReversed()) {
    if (kept.length === 0 || place(kept.at(-1)!) - place(value) >= 28) kept.push(value);
  }
  return kept;
}
