import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RecommendationBody } from '../address/index.ts';
import { useExplorer } from '../context/index.ts';
import { curlOf } from './curl.ts';

const messages = {
  idle: '',
  copied: 'Copied.',
  failed: 'The browser did not allow copying: select the text instead.',
};

/** The exact request as a command, to read and to copy. */
export function CurlBox({ label, body }: { label: string; body: RecommendationBody }): JSX.Element {
  const { client } = useExplorer();
  const [state, setState] = useState<keyof typeof messages>('idle');
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
    <details class="more">
      <summary>{label}</summary>
      <div class="stack tight">
        <pre tabIndex={0}>{command}</pre>
        <div class="row">
          <button type="button" class="button" onClick={() => void copy()}>
            Copy as curl
          </button>
          <p role="status" class="quiet small">
            {messages[state]}
          </p>
        </div>
      </div>
    </details>
  );
}
