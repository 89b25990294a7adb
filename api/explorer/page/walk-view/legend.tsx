import type { JSX } from 'preact';
import type { Communities } from './communities.ts';

/** What the colours stand for. */
export function Legend({ communities }: { communities: Communities | undefined }): JSX.Element {
  return (
    <ul class="legend" aria-label="Colours">
      <li>
        <span class="swatch is-query" aria-hidden="true" /> the query
      </li>
      {communities?.largest.map(({ names, nodes }, place) => (
        <li key={place} title={`${nodes} nodes: ${names.join(', ')} …`}>
          <CommunitySwatch place={place} /> <span class="legend-name">{names.slice(0, 2).join(', ')}</span>
        </li>
      ))}
      <li>
        <span class="swatch" aria-hidden="true" /> others
      </li>
      <li>
        <span class="swatch is-board" aria-hidden="true" /> small: boards
      </li>
    </ul>
  );
}

export function CommunitySwatch({ place }: { place: number }): JSX.Element {
  return <span class={place < 0 ? 'swatch' : `swatch community-${place + 1}`} aria-hidden="true" />;
}
