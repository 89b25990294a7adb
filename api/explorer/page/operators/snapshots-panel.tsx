import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Snapshot } from '../rest/index.ts';
import { ActivateDialog } from './activate-dialog.tsx';
import { agoTold, bytesTold } from './format.ts';

/** Every snapshot that is kept, to be served instead of the one that is. */
export function SnapshotsPanel({
  snapshots,
  liveSaves,
  nowMs,
  onChange,
}: {
  snapshots: readonly Snapshot[];
  liveSaves: number;
  nowMs: number;
  /** Another one is served now. */
  onChange: () => void;
}): JSX.Element {
  const [chosen, setChosen] = useState<Snapshot>();
  const served = snapshots.find((snapshot) => snapshot.served);
  return (
    <section class="panel" aria-labelledby="snapshots-title">
      <h2 id="snapshots-title">Snapshots</h2>
      <ul class="snapshots" aria-label="Snapshots, the newest first">
        {snapshots.map((snapshot) => {
          const { version, builtAt, bytes, active } = snapshot;
          return (
            <li key={version} class="snapshot">
              <p>
                <code>{version}</code>
                <br />
                <span class="quiet small">
                  built <time dateTime={builtAt}>{agoTold(builtAt, nowMs)}</time>, {bytesTold(bytes)}
                </span>
              </p>
              {snapshot.served ? (
                <span class="pill is-good">served</span>
              ) : (
                <div class="row">
                  {active && <span class="pill is-unknown">next at a start</span>}
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
      {snapshots.length === 0 && <p class="quiet small">There are none: build one.</p>}
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
