import type { RecommendedItem, Recommendations } from '../rest/index.ts';

/** What `POST /v1/walks` answers, as far as the page reads it; docs/walk.md tells all of it. */
export interface Walk extends Pick<Recommendations, 'graphVersion' | 'algorithm' | 'missing' | 'fallback'> {
  readonly items: readonly WalkedItem[];
  readonly steps: { readonly walked: number; readonly second: number; readonly planned: number };
  readonly restarts: { readonly counted: number; readonly probability: number };
  readonly queryPins: readonly { readonly pin: string; readonly steps: number; readonly boards: number }[];
  readonly convergence: readonly { readonly steps: number; readonly overlap: number }[];
  readonly nodes: readonly WalkedNode[];
  /** Places of a pin and a board in `nodes`. */
  readonly edges: readonly (readonly [number, number])[];
  readonly edgesLeftOut: number;
}

export interface WalkedNode {
  readonly kind: 'pin' | 'board';
  readonly key: string;
  readonly title: string | null;
  readonly visits: number;
}

export interface WalkedItem extends RecommendedItem {
  readonly visits: number;
  readonly node: number | null;
  readonly ways: readonly Way[];
}

export interface Way {
  readonly nodes: readonly number[];
  readonly walked: number;
}

/** What is called by its title, or by its key where it has none. */
export function nameOf({ title, key }: { readonly title: string | null; readonly key: string }): string {
  return title ?? key;
}

export function keyOfItem({ pin, board, user }: RecommendedItem): string {
  return pin ?? board ?? user ?? '';
}

export function nameOfItem(item: RecommendedItem): string {
  const title = item.fields?.['title'];
  return typeof title === 'string' && title !== '' ? title : keyOfItem(item);
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
