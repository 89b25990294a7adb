import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatAgo, formatBytes } from '../format/index.ts';
import type { Snapshot } from '../rest/index.ts';
import { ActivateDialog } from './activate-dialog.tsx';

/** The snapshots on disk; each can replace the one that serves. */
export function SnapshotsPanel({
  snapshots,
  liveSaves,
  nowMs,
  onChange,
}: {
  snapshots: readonly Snapshot[];
  liveSaves: number;
  nowMs: number;
  /** Called when another snapshot serves. */
  onChange: () => void;
}): JSX.Element {
  const [chosen, setChosen] = useState<Snapshot>();
  const served = snapshots.find((snapshot) => snapshot.served);
  return (
    <section class="panel stack" aria-labelledby="snapshots-title">
      <h2 id="snapshots-title">Snapshots</h2>
      <ul class="lines" aria-label="Snapshots, newest first">
        {snapshots.map((snapshot) => {
          const { version, builtAt, bytes, active } = snapshot;
          return (
            <li key={version} class="row apart">
              <p>
                <code>{version}</code>
                <br />
                <span class="quiet small">
                  built <time dateTime={builtAt}>{formatAgo(builtAt, nowMs)}</time>, {formatBytes(bytes)}
                </span>
              </p>
              {snapshot.served ? (
                <span class="badge good">{snapshot.pinned ? 'served, pinned' : 'served'}</span>
              ) : (
                <div class="row">
                  {active && <span class="badge">served after a restart</span>}
                  <button type="button" class="button" onClick={() => setChosen(snapshot)}>
                    {isOlder(snapshot, served) ? 'Roll back' : 'Activate'}
                    <span class="visually-hidden"> to {version}</span>
                  </button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {snapshots.length === 0 && <p class="quiet small">There are no snapshots yet: build one.</p>}
      {chosen !== undefined && (
        <ActivateDialog
          snapshot={chosen}
          served={served}
          isRollback={isOlder(chosen, served)}
          liveSaves={liveSaves}
          nowMs={nowMs}
          onClose={() => setChosen(undefined)}
          onDone={onChange}
        />
      )}
    </section>
  );
}

function isOlder(snapshot: Snapshot, served: Snapshot | undefined): boolean {
  return served !== undefined && Date.parse(snapshot.builtAt) < Date.parse(served.builtAt);
}
