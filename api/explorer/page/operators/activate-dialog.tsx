import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { type Activation, RestProblem, type Snapshot } from '../rest/index.ts';
import { agoTold, bytesTold, msTold } from './format.ts';

/** Says what will change, and asks whether it is meant; once more, with force, when the server finds the two too unlike. */
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
  const { client, tell } = useExplorer();
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<RestProblem>();
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const isUnlike = refusal?.faults.some(({ code }) => code === 'snapshot-unlike') === true;
  const activate = async (): Promise<void> => {
    setBusy(true);
    try {
      const path = `/v1/snapshots/${encodeURIComponent(snapshot.version)}/activate`;
      const done = await client.post<Activation>(path, { force: isUnlike });
      const overlap =
        done.overlap === null ? '' : `, ${Math.round(done.overlap * 100)} % of the best 50 as before`;
      tell({ text: `${done.version} is served, after ${msTold(done.swapMs)}${overlap}` });
      onDone();
      dialog.current?.close();
    } catch (error) {
      setRefusal(error instanceof RestProblem ? error : new RestProblem('internal', 0, String(error)));
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} class="dialog is-wide" aria-labelledby="activate-title" onClose={onClose}>
      <form
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          void activate();
        }}
      >
        <h2 id="activate-title">
          {isRollback ? 'Roll back to' : 'Serve'} {snapshot.version}?
        </h2>
        <table class="table">
          <thead>
            <tr>
              <td />
              <th scope="col">Now</th>
              <th scope="col">Then</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Snapshot</th>
              <td>{served === undefined ? 'none' : <code>{served.version}</code>}</td>
              <td>
                <code>{snapshot.version}</code>
              </td>
            </tr>
            <tr>
              <th scope="row">Built</th>
              <td>{served && agoTold(served.builtAt, nowMs)}</td>
              <td>{agoTold(snapshot.builtAt, nowMs)}</td>
            </tr>
            <tr>
              <th scope="row">Size</th>
              <td>{served && bytesTold(served.bytes)}</td>
              <td>{bytesTold(snapshot.bytes)}</td>
            </tr>
          </tbody>
        </table>
        <p class="quiet">
          No request fails meanwhile. What was saved or removed since that build
          {liveSaves > 0 && `, the ${liveSaves.toLocaleString('en')} live saves too,`} is applied to it.
          Answers may change; next pages are walked on it.
        </p>
        {refusal !== undefined && (
          <div class="trouble" role="alert">
            <p>
              <strong>{isUnlike ? 'The two are too unlike.' : 'Not activated.'}</strong> {refusal.message}
            </p>
          </div>
        )}
        <div class="row end">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Leave it as it is
          </button>
          <button type="submit" class={isUnlike ? 'button danger' : 'button primary'} disabled={isBusy}>
            {isBusy
              ? 'Loading it …'
              : isUnlike
                ? 'Serve it all the same'
                : isRollback
                  ? 'Roll back'
                  : 'Serve it'}
          </button>
        </div>
      </form>
    </dialog>
  );
}
