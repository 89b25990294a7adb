import type { JSX } from 'preact';
import type { Mark } from './compare.ts';

/** How the rank of an item compares with the other list. */
export function MarkBadge({ mark, isSecond }: { mark: Mark; isSecond: boolean }): JSX.Element {
  const [own, other] = isSecond ? ['B', 'A'] : ['A', 'B'];
  if (mark === 'only') return <span class="badge strong">only {own}</span>;
  const ranks = Math.abs(mark);
  const [tone, sign, text] =
    mark === 0
      ? ['', '=', `same rank as in ${other}`]
      : mark > 0
        ? ['good', `↑\u2009${ranks}`, `${ranks} higher than in ${other}`]
        : ['bad', `↓\u2009${ranks}`, `${ranks} lower than in ${other}`];
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{sign}</span>
      <span class="visually-hidden">{text}</span>
    </span>
  );
}
