import type { JSX } from 'preact';
import type { Mark } from './compare.ts';

/** How the rank of an item compares with the other list. */
export function MarkBadge({ mark, isSecond }: { mark: Mark; isSecond: boolean }): JSX.Element {
  const [own, other] = isSecond ? ['B', 'A'] : ['A', 'B'];
  if (mark === 'only') return <span class="badge strong">only {own}</span>;
  const ranks = Math.abs(mark);
  const text = mark === 0 ? 'same rank as' : `${ranks} ${mark > 0 ? 'higher' : 'lower'} than`;
  return (
    <span class={`badge ${mark === 0 ? '' : mark > 0 ? 'good' : 'bad'}`}>
      <span aria-hidden="true">{mark === 0 ? '=' : ranks}</span>
      {mark !== 0 && (
        // Not a character: some fonts lack arrows, and colors alone do not tell all people the direction.
        <svg class="direction" viewBox="0 0 8 8" aria-hidden="true">
          <path d={mark > 0 ? 'M4 1 7 7H1Z' : 'M4 7 1 1h6Z'} />
        </svg>
      )}
      <span class="visually-hidden">
        {text} in {other}
      </span>
    </span>
  );
}
