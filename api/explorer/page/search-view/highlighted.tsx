import { Fragment, type JSX } from 'preact';
import type { SearchItem } from '../rest/index.ts';

/** A text with the places that match. Places of a server that overlap or lie outside are left out. */
export function Highlighted({ text, ranges }: NonNullable<SearchItem['highlights']>[number]): JSX.Element {
  const parts: JSX.Element[] = [];
  let at = 0;
  for (const [start = 0, end = 0] of ranges) {
    if (start < at || end > text.length) continue;
    parts.push(
      <Fragment key={start}>
        {text.slice(at, start)}
        <mark>{text.slice(start, end)}</mark>
      </Fragment>,
    );
    at = end;
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}
