/** A colour for the canvas: three numbers from 0 to 255. */
export type Rgb = readonly [number, number, number];

export interface Colors {
  readonly ground: Rgb;
  readonly ink: Rgb;
  readonly quiet: Rgb;
  /** Of nodes in no large community. */
  readonly other: Rgb;
  readonly line: Rgb;
  /** Of highlighted paths. */
  readonly lit: Rgb;
  /** Of the largest communities, largest first. */
  readonly communities: readonly Rgb[];
  readonly font: string;
}

/** The number of communities with a colour of their own; styles/tokens.css has the colours. */
export const coloredCommunities = 6;

/** Reads the colours of the style sheet in the current theme. */
export function readColors(within: HTMLElement): Colors {
  const probe = document.createElement('span');
  probe.hidden = true;
  within.append(probe);
  const read = (name: string): Rgb => {
    probe.style.color = `var(--${name})`;
    const [r = 0, g = 0, b = 0] =
      getComputedStyle(probe)
        .color.match(/[\d.]+/g)
        ?.map(Number) ?? [];
    return [r, g, b];
  };
  const colors: Colors = {
    ground: read('surface'),
    ink: read('ink'),
    quiet: read('ink-quiet'),
    other: read('community-other'),
    line: read('line-strong'),
    lit: read('walk-lit'),
    communities: Array.from({ length: coloredCommunities }, (_, i) => read(`community-${i + 1}`)),
    font: getComputedStyle(within).fontFamily,
  };
  probe.remove();
  return colors;
}

/** A colour over another, with an opacity of 0 to 1. */
export function over(ground: Rgb, color: Rgb, opacity: number): string {
  const [r, g, b] = ground.map((value, i) => Math.round(value + (color[i]! - value) * opacity));
  return `rgb(${r}, ${g}, ${b})`;
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r}, ${g}, ${b})`;
}
