import { z } from 'zod';
import { type NodeKind, nodeNames } from '../../engine/graph/index.ts';
import { type ListedSave, type NodeRow, SaveLists } from '../../graph-data/index.ts';
import { type BodyOf, type Route, defineRoute } from '../http/index.ts';
import { Problem, noParameters } from '../base/index.ts';
import {
  boardResponse,
  boardSavesResponse,
  keySchema,
  numberFromQuery,
  pinResponse,
  pinSavesResponse,
  userResponse,
  userSavesResponse,
} from '../contract/index.ts';
import type { Service } from '../service.ts';
import { readCursor, writeCursor } from './save-cursor.ts';

const pageQuery = z.strictObject({
  limit: numberFromQuery(z.int().min(1).max(1_000).default(100)),
  cursor: z.string().max(200).optional(),
});

/** Pins, boards and users of the database, whether or not the graph has them yet, and their saves by page. */
export function nodeRoutes({ store, counts, turns }: Service): Route[] {
  const lists = new SaveLists(store.database);

  const indexOf = (kind: NodeKind, key: string): number => {
    const index = store.indexOf(kind, key);
    if (index === undefined) {
      throw new Problem(
        `unknown-${nodeNames[kind]}`,
        `there is no ${nodeNames[kind]} ${JSON.stringify(key)}`,
      );
    }
    return index;
  };

  const node = <Schema extends z.ZodType>(
    kind: NodeKind,
    schema: Schema,
    summary: string,
    bodyOf: (index: number, row: NodeRow) => Promise<BodyOf<Schema>>,
  ): Route =>
    defineRoute({
      method: 'get',
      path: `/v1/${kind}/{${nodeNames[kind]}}`,
      operationId: { pins: 'getPin', boards: 'getBoard', users: 'getUser' }[kind],
      tag: 'nodes',
      summary,
      scope: 'read',
      params: z.strictObject({ [nodeNames[kind]]: keySchema }),
      query: noParameters,
      response: { status: 200, description: `The ${nodeNames[kind]}`, schema },
      problems: [`unknown-${nodeNames[kind]}`],
      handle: async ({ params }) => {
        const index = indexOf(kind, params[nodeNames[kind]]!);
        return { body: await bodyOf(index, store.nodeAt(kind, index)!) };
      },
    });

  const saves = <Schema extends z.ZodType>(
    kind: NodeKind,
    schema: Schema,
    summary: string,
    bodyOf: (saves: readonly ListedSave[], nextCursor: string | null) => BodyOf<Schema>,
  ): Route =>
    defineRoute({
      method: 'get',
      path: `/v1/${kind}/{${nodeNames[kind]}}/saves`,
      operationId: { pins: 'listPinSaves', boards: 'listBoardSaves', users: 'listUserSaves' }[kind],
      tag: 'nodes',
      summary,
      description:
        'In a stable order: saves added or removed between two pages do not move the others. ' +
        'A save that is added later may come before the position of a cursor.',
      scope: 'read',
      params: z.strictObject({ [nodeNames[kind]]: keySchema }),
      query: pageQuery,
      response: { status: 200, description: 'A page of saves', schema },
      problems: [`unknown-${nodeNames[kind]}`],
      handle: async ({ params, query: { limit, cursor } }) => {
        const index = indexOf(kind, params[nodeNames[kind]]!);
        const after = cursor === undefined ? undefined : readCursor(kind, index, cursor);
        await turns.next();
        // One more save than requested shows whether there is a next page.
        const page = lists.page(kind, index, limit + 1, after);
        const last = page.length > limit ? page[limit - 1] : undefined;
        const nextCursor = last && writeCursor(kind, index, { board: last.boardIndex, pin: last.pinIndex });
        return { body: bodyOf(page.slice(0, limit), nextCursor ?? null) };
      },
    });

  return [
    node('pins', pinResponse, 'A pin, its attributes, and its number of saves', async (index, row) => {
      const {
        key,
        attributes,
        title = null,
        text = null,
        url = null,
        imageUrl = null,
        createdAt = null,
      } = row;
      // A board holds a pin once: a pin has as many boards as saves.
      const count = await counts.savesOf('pins', index);
      const createdTime = isoTime(createdAt);
      const own = { title, text, url, imageUrl, attributes, createdAt: createdTime };
      return { pin: key, ...own, counts: { boards: count, saves: count } };
    }),
    node('boards', boardResponse, 'A board, its owner, attributes and number of pins', async (index, row) => {
      const { key, attributes, title = null } = row;
      const owner = store.ownerOf(index)!;
      return {
        board: key,
        owner,
        title,
        attributes,
        counts: { pins: await counts.savesOf('boards', index) },
      };
    }),
    node(
      'users',
      userResponse,
      'A user, their attributes, and their numbers of boards and saves',
      async (index, { key, attributes }) => ({ user: key, attributes, counts: await counts.ofUser(index) }),
    ),
    saves('pins', pinSavesResponse, 'The saves of a pin: the boards that hold it', (page, nextCursor) => ({
      saves: page.map((save) => ({ board: save.board, user: save.user, ...savedOf(save) })),
      nextCursor,
    })),
    saves('boards', boardSavesResponse, 'The saves of a board: its pins', (page, nextCursor) => ({
      saves: page.map((save) => ({ pin: save.pin, ...savedOf(save) })),
      nextCursor,
    })),
    saves('users', userSavesResponse, 'The saves of a user, board by board', (page, nextCursor) => ({
      saves: page.map((save) => ({ board: save.board, pin: save.pin, ...savedOf(save) })),
      nextCursor,
    })),
  ];
}

function savedOf({ savedAt, weight }: ListedSave): { savedAt: string | null; weight: number | null } {
  return { savedAt: isoTime(savedAt), weight };
}

function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
