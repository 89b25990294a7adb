import type { RecommendedItem } from '../rest/index.ts';

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
