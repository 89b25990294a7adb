/** The column of some attributes: null for none. */
export function jsonOf(attributes: Readonly<Record<string, unknown>> | undefined): string | null {
  return attributes === undefined || Object.keys(attributes).length === 0 ? null : JSON.stringify(attributes);
}

/** Milliseconds since 1970. */
export function timeOf(iso: string | null | undefined): number | null {
  return iso === null || iso === undefined ? null : Date.parse(iso);
}

/** The inverse of {@link timeOf}. */
export function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
