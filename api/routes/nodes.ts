import { z } from 'zod';
import { type ListedSave, type NodeRow, SaveLists, type Side } from '../../graph-data/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters, Problem } from '../base/index.ts';
import {
  keySchema,
  numberFromQuery,
  boardResponse,
  boardSavesResponse,
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

const names = { pins: 'pin', boards: 'board', users: 'user' } as const;

/** Pins, boards and users as the database has them now, in the graph or not yet, and pages of their saves. */
export function thingRoutes({ store }: Service): Route[] {
  const lists = new SaveLists(store.database);

  const found = (side: Side, key: string): number => {
    const index = store.indexOf(side, key);
    if (index === undefined) {
      throw new Problem(`unknown-${names[side]}`, `there is no ${names[side]} ${JSON.stringify(key)}`);
    }
    return index;
  };

  const thing = (
    side: Side,
    answer: z.ZodType,
    summary: string,
    body: (index: number, row: NodeRow) => object,
  ) =>
    defineRoute({
      method: 'get',
      path: `/v1/${side}/{${names[side]}}`,
      operationId: { pins: 'getPin', boards: 'getBoard', users: 'getUser' }[side],
      tag: 'things',
      summary,
      scope: 'read',
      params: z.strictObject({ [names[side]]: keySchema }),
      query: noParameters,
      response: { status: 200, description: `The ${names[side]}`, schema: answer },
      problems: [`unknown-${names[side]}`],
      handle: ({ params }) => {
        const index = found(side, params[names[side]]!);
        return { body: body(index, store.nodeAt(side, index)!) };
      },
    });

  const saves = (side: Side, answer: z.ZodType, summary: string, told: (save: ListedSave) => object) =>
    defineRoute({
      method: 'get',
      path: `/v1/${side}/{${names[side]}}/saves`,
      operationId: { pins: 'listPinSaves', boards: 'listBoardSaves', users: 'listUserSaves' }[side],
      tag: 'things',
      summary,
      description:
        'In an order that does not change: a save that comes or goes between two pages moves no other one. ' +
        'A save that comes later may lie before the place of a cursor.',
      scope: 'read',
      params: z.strictObject({ [names[side]]: keySchema }),
      query: pageQuery,
      response: { status: 200, description: 'A page of saves', schema: answer },
      problems: [`unknown-${names[side]}`],
      handle: ({ params, query: { limit, cursor } }) => {
        const index = found(side, params[names[side]]!);
        const after = cursor === undefined ? undefined : readCursor(side, index, cursor);
        // One more than asked for tells whether there is a next page.
        const page = lists.page(side, index, limit + 1, after);
        const last = page.length > limit ? page[limit - 1] : undefined;
        return {
          body: {
            saves: page.slice(0, limit).map(told),
            nextCursor: last
              ? writeCursor(side, index, { board: last.boardIndex, pin: last.pinIndex })
              : null,
          },
        };
      },
    });

  return [
    thing('pins', pinResponse, 'A pin, its attributes, and how often it is saved', (index, row) => {
      const { title, text, url, imageUrl, attributes, createdAt = null } = row;
      // A pin is on a board once: it has as many boards as saves.
      const count = lists.count('pins', index);
      const counts = { boards: count, saves: count };
      return { pin: row.key, title, text, url, imageUrl, attributes, createdAt: isoTime(createdAt), counts };
    }),
    thing('boards', boardResponse, 'A board, its owner, attributes and number of pins', (index, row) => {
      const { key, title, attributes } = row;
      const counts = { pins: lists.count('boards', index) };
      return { board: key, owner: store.ownerOf(index), title, attributes, counts };
    }),
    thing('users', userResponse, 'A user, their attributes, and how much they saved', (index, row) => {
      const counts = { boards: store.boardsOf(index).length, saves: lists.count('users', index) };
      return { user: row.key, attributes: row.attributes, counts };
    }),
    saves('pins', pinSavesResponse, 'The saves of a pin: on which boards it is', (save) => {
      const { board, user, savedAt, weight } = save;
      return { board, user, savedAt: isoTime(savedAt), weight };
    }),
    saves('boards', boardSavesResponse, 'The saves of a board: which pins are on it', (save) => {
      const { pin, savedAt, weight } = save;
      return { pin, savedAt: isoTime(savedAt), weight };
    }),
    saves('users', userSavesResponse, 'The saves of a user, board by board', (save) => {
      const { board, pin, savedAt, weight } = save;
      return { board, pin, savedAt: isoTime(savedAt), weight };
    }),
  ];
}

function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
