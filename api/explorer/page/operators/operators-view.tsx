import type { JSX } from 'preact';
import type { RestClient } from '../rest/index.ts';

export interface OperatorsViewProps {
  /** Calls with the key of this tab, and asks the visitor for one when it does not do. */
  readonly client: RestClient;
  /** Changes when another API key is used or something was saved: ask anew. */
  readonly keyVersion: number;
}

/** Snapshots, jobs, rates and health, for whoever runs the server. */
export function OperatorsView(_props: OperatorsViewProps): JSX.Element {
  return <h1>Operate</h1>;
}
