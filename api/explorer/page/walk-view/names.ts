import { type RecommendedItem, nodeOf } from '../rest/index.ts';

/** The title, or the key of what has none. */
export function nameOf({ title, key }: { readonly title: string | null; readonly key: string }): string {
  return title ?? key;
}

export function nameOfItem(item: RecommendedItem): string {
  const title = item.fields?.['title'];
  return typeof title === 'string' && title !== '' ? title : nodeOf(item).key;
}
