import type { JSX } from 'preact';
import { noSettings } from '../address/index.ts';
import { Link } from '../context/index.ts';
import type { DrawnNode } from '../rest/index.ts';
import { counted, nameOf } from './walk.ts';

/** A node of the drawing that was chosen, and where to go from it. */
export function PickedNode({ node, onClose }: { node: DrawnNode; onClose: () => void }): JSX.Element {
  const { kind, key, visits } = node;
  const composition = { query: [{ kind, key, weight: 1 }], settings: noSettings };
  return (
    <div class="stage-note is-card" role="status">
      <p>
        <strong>{nameOf(node)}</strong>
        <br />
        <span class="quiet small number">
          {kind}, {counted(visits, 'visit')}
        </span>
      </p>
      <div class="row">
        <Link to={{ view: 'thing', thing: { kind, key }, trail: [] }} class="button">
          Open
        </Link>
        <Link to={{ view: 'walk', composition }} class="button">
          Walk from here
        </Link>
        <button type="button" class="icon-button small" aria-label="Close" onClick={onClose}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="m6 6 8 8m0-8-8 8" />
          </svg>
        </button>
      </div>
    </div>
  );
}
