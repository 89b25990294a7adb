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
class LabelPlaces {
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

/** A label that waits for the end of the frame. */
interface WaitingLabel {
  readonly context: CanvasRenderingContext2D;
  readonly node: Labelled;
  readonly labelSize: number;
}

/**
 * The labels of a frame: beside their nodes, below or above them, or nowhere, so that none covers another. Strong ones choose
 * their places first. An outline in the colour of the ground keeps them legible.
 */
export class FrameLabels {
  readonly #colors: () => Colors;
  readonly #places = new LabelPlaces();
  #waiting: WaitingLabel[] = [];

  constructor(colors: () => Colors) {
    this.#colors = colors;
  }

  begin(): void {
    this.#waiting = [];
    this.#places.clear();
  }

  readonly add: Draw = (context, node, { labelSize }) => {
    if (node.label !== null && node.label !== '') this.#waiting.push({ context, node, labelSize });
  };

  /** Draws the labels added since {@link begin}. */
  draw(): void {
    const order = this.#waiting.toSorted((a, b) => {
      const difference = Number(b.node['isStrong'] === true) - Number(a.node['isStrong'] === true);
      return difference === 0 ? b.node.size - a.node.size : difference;
    });
    for (const label of order) this.#draw(label);
    this.#waiting = [];
  }

  #draw({ context, node: { x, y, size, label, isStrong }, labelSize }: WaitingLabel): void {
    const { ground, ink, font } = this.#colors();
    context.font = `${isStrong === true ? 650 : 500} ${labelSize}px ${font}`;
    const { width } = context.measureText(label!);
    const beside = y + labelSize / 3;
    const candidates: readonly (readonly [number, number])[] = [
      [x + size + gap, beside],
      [x - size - gap - width, beside],
      [x - width / 2, y + size + gap + labelSize],
      [x - width / 2, y - size - gap],
    ];
    const place = candidates.find(
      ([left, base]) =>
        left >= 0 &&
        left + width <= context.canvas.clientWidth &&
        this.#places.take(left, base - labelSize, left + width, base + gap),
    );
    if (place === undefined) return;
    context.lineJoin = 'round';
    context.lineWidth = 4;
    context.strokeStyle = css(ground);
    context.fillStyle = css(ink);
    context.strokeText(label!, ...place);
    context.fillText(label!, ...place);
  }
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
