/** The title, or the key of a node without one. */
export function nameOf({ title, key }: { readonly title: string | null; readonly key: string }): string {
  return title ?? key;
}
