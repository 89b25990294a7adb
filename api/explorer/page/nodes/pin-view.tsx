import type { JSX } from 'preact';
import { RecommendedCards, useRanked } from '../cards/index.ts';
import { useExplorer, useGet } from '../context/index.ts';
import { counted } from '../format/index.ts';
import { type Pin, pathOf } from '../rest/index.ts';
import { SaveButton } from '../saving/index.ts';
import { NodeHead } from './node-head.tsx';
import { NodePage } from './node-page.tsx';
import type { NodeViewProps } from './node-view-props.ts';
import { SavesList } from './saves-list.tsx';

export function PinView({ node, linkTo }: NodeViewProps): JSX.Element {
  const { titles } = useExplorer();
  const path = pathOf(node);
  const pin = useGet<Pin>(path);
  const related = useRanked(`${path}/related`, 24);
  titles.add(node, pin.data?.title);
  const isUnsaved = pin.data?.counts.boards === 0;
  return (
    <>
      <NodePage fetched={pin} node={node}>
        {({ title, text, url, imageUrl, attributes, createdAt, counts }) => (
          <NodeHead
            node={node}
            title={title ?? node.key}
            imageUrl={imageUrl}
            attributes={attributes}
            facts={
              <>
                On <strong>{counted(counts.boards, 'board')}</strong>
                {createdAt !== null && ` · added ${createdAt.slice(0, 10)}`}
                {isWebAddress(url) && (
                  <>
                    {' · '}
                    <a href={url} rel="noreferrer noopener">
                      {new URL(url).host}
                    </a>
                  </>
                )}
              </>
            }
            text={text}
            actions={<SaveButton pin={node.key} isPrimary />}
          />
        )}
      </NodePage>
      {pin.problem === undefined && (
        <div class="columns">
          <RecommendedCards
            {...related}
            heading="Related pins"
            hasTable
            note={
              isUnsaved && related.fetched.data !== undefined && related.fetched.data.items.length > 0
                ? 'Nobody has saved it yet. These pins have similar texts or pictures, or are saved with such pins.'
                : undefined
            }
            empty={
              isUnsaved
                ? 'Nobody has saved it yet, and no similar pin is known: a build with content compares titles, texts, tags and vectors.'
                : 'No other pin is on its boards yet.'
            }
            linkTo={linkTo}
            actions={({ key }) => <SaveButton pin={key} />}
          />
          <SavesList
            heading="On these boards"
            path={path}
            empty="It is on no board yet."
            kind="board"
            linkTo={linkTo}
          />
        </div>
      )}
    </>
  );
}

function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\//i.test(url) && URL.canParse(url);
}
