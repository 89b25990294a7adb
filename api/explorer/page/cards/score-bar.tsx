import type { JSX } from 'preact';

/** A score as a share of the best score, 0 to 1. */
export function ScoreBar({ share }: { share: number }): JSX.Element {
  return (
    <span class="share" aria-hidden="true">
      <span style={{ inlineSize: `${(Math.max(share, 0.01) * 100).toFixed(1)}%` }} />
    </span>
  );
}
