import type { JSX } from 'preact';
import { RecommendedCards, useRanked } from '../cards/index.ts';
import { Link, useExplorer, useGet } from '../context/index.ts';
import { counted } from '../format/index.ts';
import { type Board, pathOf } from '../rest/index.ts';
import { ChangeSaveButton } from '../saving/index.ts';
import { NodeHead } from './node-head.tsx';
import { NodePage } from './node-page.tsx';
import type { NodeViewProps } from './node-view-props.ts';
import { SavesList } from './saves-list.tsx';

export function BoardView({ node, linkTo }: NodeViewProps): JSX.Element {
  const { titles } = useExplorer();
  const path = pathOf(node);
  const board = useGet<Board>(path);
  const ideas = useRanked(`${path}/ideas`, 24);
  titles.add(node, board.data?.title);
  const owner = board.data?.owner;
  return (
    <>
      <NodePage fetched={board} node={node}>
        {({ title, owner: user, attributes, counts }) => (
          <NodeHead
            node={node}
            title={title ?? node.key}
            attributes={attributes}
            facts={
              <>
                <strong>{counted(counts.pins, 'pin')}</strong>, owned by{' '}
                <Link to={linkTo({ kind: 'user', key: user })}>{user}</Link>
              </>
            }
          />
        )}
      </NodePage>
      {board.problem === undefined && (
        <div class="columns">
          <RecommendedCards
            {...ideas}
            heading="Ideas for this board"
            hasTable
            empty="There are no ideas for this board."
            linkTo={linkTo}
            actions={({ key }) =>
              owner !== undefined && (
                <ChangeSaveButton change="save" save={{ user: owner, board: node.key, pin: key }} />
              )
            }
          />
          <SavesList
            heading="On this board"
            path={path}
            empty="It has no pins yet."
            kind="pin"
            linkTo={linkTo}
            actions={({ key }) =>
              owner !== undefined && (
                <ChangeSaveButton change="remove" save={{ user: owner, board: node.key, pin: key }} />
              )
            }
          />
        </div>
      )}
    </>
  );
}
