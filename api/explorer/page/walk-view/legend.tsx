import type { JSX } from 'preact';
import type { Communities } from './communities.ts';

/** The legend of colours. */
export function Legend({ communities }: { communities: Communities | undefined }): JSX.Element {
  return (
    <ul class="legend" aria-label="Colours">
      <li>
        <Swatch color="ink" /> query
      </li>
      {communities?.largest.map(({ names, nodes }, index) => (
        <li key={index} title={`${nodes} nodes: ${names.join(', ')} …`}>
          <CommunitySwatch index={index} /> <span class="clip">{names.slice(0, 2).join(', ')}</span>
        </li>
      ))}
      <li>
        <CommunitySwatch index={-1} /> other pins
      </li>
      <li>
        <Swatch color="community-other" class="is-board" /> boards
      </li>
    </ul>
  );
}

/** The colour of a community, by its index among the largest; -1 for the others. */
export function CommunitySwatch({ index }: { index: number }): JSX.Element {
  return <Swatch color={`community-${index < 0 ? 'other' : index + 1}`} />;
}

function Swatch({ color, class: classes = '' }: { color: string; class?: string }): JSX.Element {
  return <span class={`swatch ${classes}`} style={{ '--swatch': `var(--${color})` }} aria-hidden="true" />;
}
