import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Notice } from '../context/index.ts';

const shownMs = 8_000;

/** The latest notice. Its region exists before the text, because screen readers only announce changes of a region. */
export function Toast({ notice, onClose }: { notice: Notice | undefined; onClose: () => void }): JSX.Element {
  useEffect(() => {
    if (notice === undefined) return undefined;
    const timer = setTimeout(onClose, shownMs);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div class="toast-place" role="status">
      {notice !== undefined && (
        <div class="toast">
          <span>{notice.text}</span>
          {notice.undo && (
            <button
              type="button"
              class="button"
              onClick={() => {
                onClose();
                void notice.undo?.();
              }}
            >
              Undo
            </button>
          )}
        </div>
      )}
    </div>
  );
}
