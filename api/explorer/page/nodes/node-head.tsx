import type { ComponentChildren, JSX } from 'preact';
import { type NodeRef, compositionOf } from '../address/index.ts';
import { ImagesToggle, Tile, isOwn, safeImageUrl } from '../cards/index.ts';
import { Link } from '../context/index.ts';
import { Attributes } from './attributes.tsx';

/** The title of a node, its fields and its actions. */
export function NodeHead({
  node,
  title,
  imageUrl,
  facts,
  text,
  attributes,
  actions,
}: {
  node: NodeRef;
  title: string;
  imageUrl?: string | null;
  /** A line below the title. */
  facts: ComponentChildren;
  text?: string | null;
  attributes: Readonly<Record<string, unknown>>;
  actions?: ComponentChildren;
}): JSX.Element {
  const composition = compositionOf([node]);
  const url = safeImageUrl(imageUrl);
  return (
    <header class="node-head">
      <Tile name={title} imageUrl={imageUrl} class="large" />
      <div class="node-about">
        <p class="kind">{node.kind}</p>
        <h1>{title}</h1>
        {title !== node.key && (
          <p class="quiet">
            <code>{node.key}</code>
          </p>
        )}
        <p>{facts}</p>
        {text && <p class="node-text">{text}</p>}
        <Attributes node={node} attributes={attributes} />
        <div class="row">
          {actions}
          <Link to={{ view: 'compose', composition }} class="button">
            Compose a query
          </Link>
          <Link to={{ view: 'walk', composition }} class="button">
            Draw the walk
          </Link>
          <ImagesToggle hasImages={url !== undefined && !isOwn(url)} />
        </div>
      </div>
    </header>
  );
}
