import type { JSX } from 'preact';
import { RecommendedCards, useRanked } from '../cards/index.ts';
import { useGet } from '../context/index.ts';
import { counted } from '../format/index.ts';
import { PersonInterests } from '../interests/index.ts';
import { type User, pathOf } from '../rest/index.ts';
import { SaveButton } from '../saving/index.ts';
import { NodeHead } from './node-head.tsx';
import { NodePage } from './node-page.tsx';
import type { NodeViewProps } from './node-view-props.ts';
import { SavesList } from './saves-list.tsx';

export function UserView({ node, linkTo }: NodeViewProps): JSX.Element {
  const path = pathOf(node);
  const user = useGet<User>(path);
  const feed = useRanked(`${path}/feed`, 18);
  const boards = useRanked(`${path}/boards`, 6);
  return (
    <>
      <NodePage fetched={user} node={node}>
        {({ attributes, counts }) => (
          <NodeHead
            node={node}
            title={node.key}
            attributes={attributes}
            facts={
              <>
                <strong>{counted(counts.saves, 'save')}</strong> on {counted(counts.boards, 'board')}
              </>
            }
          />
        )}
      </NodePage>
      {user.problem === undefined && (
        <div class="columns">
          <div class="stack loose">
            <RecommendedCards
              {...feed}
              heading="Pins for this user"
              hasTable
              empty="There are no new pins for this user."
              linkTo={linkTo}
              actions={({ key }) => <SaveButton pin={key} user={node.key} />}
            />
            <RecommendedCards
              {...boards}
              onMore={undefined}
              heading="Boards to follow"
              empty="No other boards are related to this user's."
              linkTo={linkTo}
            />
          </div>
          <div class="stack loose user-lists">
            <PersonInterests user={node.key} />
            <SavesList
              heading="Boards"
              path={path}
              empty="This user has no saves yet."
              kind="board"
              linkTo={linkTo}
              isGrouped
            />
          </div>
        </div>
      )}
    </>
  );
}
