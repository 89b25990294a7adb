import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { Dialog } from '../controls/index.ts';
import { formatAgo, formatBytes, formatCount, formatMs, formatPercent } from '../format/index.ts';
import { type Activation, RestProblem, type Snapshot } from '../rest/index.ts';

/** Shows what an activation will change and confirms it, a second time when the server finds the graphs too unlike. */
export function ActivateDialog({
  snapshot,
  served,
  isRollback,
  liveSaves,
  nowMs,
  onClose,
  onDone,
}: {
  snapshot: Snapshot;
  served: Snapshot | undefined;
  isRollback: boolean;
  liveSaves: number;
  nowMs: number;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { client, notify } = useExplorer();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<RestProblem>();
  const isUnlike = refusal?.faults.some(({ code }) => code === 'snapshot-unlike') === true;
  const activate = async (close: () => void): Promise<void> => {
    setBusy(true);
    try {
      const path = `/v1/snapshots/${encodeURIComponent(snapshot.version)}/activate`;
      const done = await client.post<Activation>(path, { force: isUnlike });
      const overlap =
        done.overlap === null ? '' : `; ${formatPercent(done.overlap)} of the top 50 are the same as before`;
      notify({ text: `Activated ${done.version} in ${formatMs(done.swapMs)}${overlap}.` });
      onDone();
      close();
    } catch (error) {
      setRefusal(RestProblem.from(error));
      setBusy(false);
    }
  };
  const action = isUnlike ? 'Activate anyway' : isRollback ? 'Roll back' : 'Activate';
  const rows = [
    ['Snapshot', ({ version }: Snapshot) => <code>{version}</code>],
    ['Built', ({ builtAt }: Snapshot) => formatAgo(builtAt, nowMs)],
    ['Size', ({ bytes }: Snapshot) => formatBytes(bytes)],
  ] as const;
  return (
    <Dialog
      title={`${isRollback ? 'Roll back to' : 'Activate'} ${snapshot.version}?`}
      class="wide"
      submit={{
        text: isBusy ? 'Loading …' : action,
        class: isUnlike ? 'danger' : 'primary',
        isDisabled: isBusy,
      }}
      onSubmit={(_form, close) => void activate(close)}
      onClose={onClose}
    >
      <table class="table">
        <thead>
          <tr>
            <td />
            <th scope="col">Now</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, valueOf]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{served === undefined ? '–' : valueOf(served)}</td>
              <td>{valueOf(snapshot)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        No request fails during the swap. Saves and removals since that build are applied to it
        {liveSaves > 0 && `, including ${formatCount(liveSaves)} live saves`}. Recommendations may change,
        also on the next pages of lists that are open.
        {isRollback && ' The snapshot will be pinned: no build replaces it until another one is activated.'}
      </p>
      {refusal !== undefined && (
        <div class="problem" role="alert">
          <p>
            <strong>{isUnlike ? 'The two graphs are too unlike.' : 'Not activated.'}</strong>{' '}
            {refusal.message}
          </p>
        </div>
      )}
    </Dialog>
  );
}
