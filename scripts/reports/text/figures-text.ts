import type { Interval } from '../../../engine/index.ts';

export function figure(value: number): string {
  return value.toFixed(4);
}

export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`;
}

export function interval({ low, high }: Interval, text: (value: number) => string = figure): string {
  return `[${text(low)}, ${text(high)}]`;
}
