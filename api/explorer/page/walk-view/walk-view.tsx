import type { JSX } from 'preact';
import type { Composition, RecommendationBody } from '../address/index.ts';
import type { RestClient } from '../rest/index.ts';

export interface WalkViewProps {
  readonly client: RestClient;
  /** The query, with its settings; may have no entries yet. */
  readonly composition: Composition;
  /** The same as the body of `POST /v1/recommendations`. A new object whenever the page is drawn: compare by content. */
  readonly request: RecommendationBody;
  /** Changes when another API key is used or something was saved: ask anew. */
  readonly keyVersion: number;
  /** Puts another composition into the URL, and comes back as the props. */
  readonly onChange: (next: Composition) => void;
}

/** The neighborhood of a query, drawn. */
export function WalkView(_props: WalkViewProps): JSX.Element {
  return <h1>The walk</h1>;
}
