import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RecommendationBody } from '../address/index.ts';
import { useExplorer } from '../context/index.ts';
import { curlOf } from './curl.ts';

/** The exact call, to see and to copy. */
export function CurlBox({ label, body }: { label: string; body: RecommendationBody }): JSX.Element {
  const { client } = useExplorer();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const command = curlOf(location.origin, body, client.hasKey);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(command);
      setState('copied');
    } catch {
      setState('failed');
    }
    setTimeout(() => setState('idle'), 2_000);
  };
  return (
    <details class="more curl">
      <summary>{label}</summary>
      <div class="curl-box">
        <pre tabIndex={0}>{command}</pre>
        <button type="button" class="button" onClick={() => void copy()}>
          Copy as curl
        </button>
        <p role="status" class="quiet small">
          {state === 'copied' ? 'Copied.' : state === 'failed' ? 'The browser refused: select the text.' : ''}
        </p>
      </div>
    </details>
  );
}
