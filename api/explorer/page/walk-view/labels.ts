import type { NodeDisplayData, PartialButFor } from 'sigma/types';
import { type Colors, css } from './colors.ts';

type Labelled = PartialButFor<NodeDisplayData, 'x' | 'y' | 'size' | 'label' | 'color'>;
type Draw = (
  context: CanvasRenderingContext2D,
  node: Labelled,
  settings: { readonly labelSize: number },
) => void;

const gap = 4;

/** The space that labels take in the current frame. A label that would cover another is left out. */
export class LabelPlaces {
  #taken: { left: number; top: number; right: number; bottom: number }[] = [];

  clear(): void {
    this.#taken = [];
  }

  /** Takes the space if it is free, and returns whether it was. */
  take(left: number, top: number, right: number, bottom: number): boolean {
    const isFree = this.#taken.every(
      (other) => other.left > right || other.right < left || other.top > bottom || other.bottom < top,
    );
    if (isFree) this.#taken.push({ left, top, right, bottom });
    return isFree;
  }
}

/**
 * A label beside its node: on the right, on the left, or nowhere; strong labels are always drawn. An outline in the colour of
 * the ground keeps it legible.
 */
export function drawLabel(colors: () => Colors, places: LabelPlaces): Draw {
  return (context, { x, y, size, label, isStrong }, { labelSize }) => {
    if (label === null || label === '') return;
    const { ground, ink, font } = colors();
    context.font = `${isStrong === true ? 650 : 500} ${labelSize}px ${font}`;
    context.lineJoin = 'round';
    context.lineWidth = 4;
    context.strokeStyle = css(ground);
    context.fillStyle = css(ink);
    const { width } = context.measureText(label);
    const base = y + labelSize / 3;
    const left = [x + size + gap, x - size - gap - width].find((each) =>
      places.take(each, base - labelSize, each + width, base + gap),
    );
    if (left === undefined && isStrong !== true) return;
    context.strokeText(label, left ?? x + size + gap, base);
    context.fillText(label, left ?? x + size + gap, base);
  };
}

/** The node under the pointer, with its label in a box. */
export function drawHover(colors: () => Colors): Draw {
  return (context, { x, y, size, label, color }, { labelSize }) => {
    const { ground, ink, line, font } = colors();
    context.font = `600 ${labelSize}px ${font}`;
    const padding = 6;
    const height = labelSize + 2 * padding;
    if (label !== null && label !== '') {
      const width = context.measureText(label).width + 2 * padding;
      context.beginPath();
      context.roundRect(x + size + gap, y - height / 2, width, height, 6);
      context.fillStyle = css(ground);
      context.strokeStyle = css(line);
      context.lineWidth = 1;
      context.fill();
      context.stroke();
      context.fillStyle = css(ink);
      context.fillText(label, x + size + gap + padding, y + labelSize / 3);
    }
    context.beginPath();
    context.arc(x, y, size + 1, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.strokeStyle = css(ink);
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  };
}
