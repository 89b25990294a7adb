import { expect } from 'vitest';
import fc from 'fast-check';
import type { Change, DataFolder } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import type { PlainSaves } from '../graph-data/plain-saves.ts';

interface Save {
  readonly user: string;
  readonly board?: string | undefined;
  readonly pin: string;
}

/** Writes of clients, and of another process that imports. */
export type Writing =
  | { readonly method: 'POST' | 'DELETE'; readonly isStream: boolean; readonly saves: readonly Save[] }
  /** Of the saves that exist at that time, by their places. */
  | { readonly method: 'DELETE'; readonly isStream: boolean; readonly places: readonly number[] }
  | {
      readonly method: 'PUT';
      readonly nodeKind: 'pins' | 'boards' | 'users';
      readonly key: string;
      readonly owner?: string;
    }
  | { readonly method: 'removePin'; readonly pin: string }
  | { readonly method: 'import'; readonly pins: readonly string[] };

export const users: readonly string[] = ['user-ann', 'user-ben', 'user-cem'];
export const boards: readonly string[] = ['board-ann', 'board-ben', 'board-cem'];
export const pins: readonly string[] = Array.from({ length: 8 }, (_, i) => `pin-${i}`);

const someUser = fc.constantFrom(...users);
const someBoard = fc.constantFrom(...boards);
const somePin = fc.constantFrom(...pins);

const rarely = fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 0);
/** Mostly on a board of the user: a save on a board of somebody else refuses the whole request. */
const someSave: fc.Arbitrary<Save> = fc.nat(users.length - 1).chain((user) =>
  fc.record({
    user: fc.constant(users[user]!),
    board: fc.constantFrom(boards[user], boards[user], undefined),
    pin: somePin,
  }),
);
const someSaves = fc.oneof(
  { weight: 6, arbitrary: fc.array(someSave, { minLength: 1, maxLength: 12, size: 'max' }) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({ user: someUser, board: someBoard, pin: somePin }, { noNullPrototype: true }),
      { minLength: 1, maxLength: 4 },
    ),
  },
);

/** Few keys, so that writes interact: the same pins, boards of other users, earlier saves. */
export const someWriting: fc.Arbitrary<Writing> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ method: fc.constant('POST' as const), isStream: rarely, saves: someSaves }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ method: fc.constant('DELETE' as const), isStream: rarely, saves: someSaves }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      method: fc.constant('DELETE' as const),
      isStream: rarely,
      places: fc.array(fc.nat(100), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        method: fc.constant('PUT' as const),
        nodeKind: fc.constant('boards' as const),
        key: someBoard,
        owner: someUser,
      },
      { requiredKeys: ['method', 'nodeKind', 'key'], noNullPrototype: true },
    ),
  },
  { weight: 1, arbitrary: somePin.map((key) => ({ method: 'PUT', nodeKind: 'pins', key }) as const) },
  { weight: 1, arbitrary: someUser.map((key) => ({ method: 'PUT', nodeKind: 'users', key }) as const) },
  { weight: 2, arbitrary: somePin.map((pin) => ({ method: 'removePin', pin }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .array(somePin, { minLength: 1, maxLength: 4 })
      .map((many) => ({ method: 'import', pins: many }) as const),
  },
);

/** Whether a writing concerns a user or their boards. */
export function isAbout(writing: Writing, user: string, plain: PlainSaves): boolean {
  const own = plain.boardsOf(user);
  if (writing.method === 'PUT')
    return [writing.key, writing.owner].some((key) => key === user || own.includes(key ?? ''));
  if (!('isStream' in writing)) return false;
  return savesOf(writing, plain).some((save) => save.user === user || own.includes(save.board ?? ''));
}

function savesOf(writing: Extract<Writing, { isStream: boolean }>, plain: PlainSaves): readonly Save[] {
  if ('saves' in writing) return writing.saves;
  const all = plain.saves();
  if (all.length === 0) return [{ user: users[0]!, pin: pins[0]! }];
  return writing.places.map((place) => {
    const [user, board, pin] = all[place % all.length]!.split(' ');
    return { user: user!, board, pin: pin! };
  });
}

/** Sends it, and expects the response that the plain model predicts. */
export async function write(
  writing: Writing,
  plain: PlainSaves,
  server: { readonly url: string },
  folder: DataFolder,
): Promise<void> {
  if (writing.method === 'import') {
    const own = writing.pins.map((pin, i) => ({ user: 'importer', board: `imported-${i}`, pin }));
    plain.do({ changes: own.map((save) => ({ kind: 'save', ...save })), time: 0 });
    await importSaves(
      folder,
      own.map(({ user, board, pin }) => `${user} ${board} ${pin}`),
    );
    return;
  }
  const call = async (method: string, path: string, body?: string, type = 'application/json') => {
    const headers = body === undefined ? {} : { 'content-type': type };
    const response = await fetch(server.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: (await response.json()) as object };
  };
  if (writing.method === 'removePin') {
    const change: Change = { kind: 'removePin', key: writing.pin };
    const { results } = done(plain.do({ changes: [change], time: 0 }));
    const answer = await call('DELETE', `/v1/pins/${writing.pin}`);
    expect(answer).toEqual({ status: 200, body: { result: results[0] } });
    return;
  }
  if (writing.method === 'PUT') {
    const { nodeKind, key, owner } = writing;
    const outcome = plain.do({ changes: [{ kind: 'put', nodeKind, key, owner }], time: 0 });
    const answer = await call(
      'PUT',
      `/v1/${nodeKind}/${key}`,
      JSON.stringify({ owner, ...(nodeKind !== 'users' && { title: `of ${key}` }) }),
    );
    if (outcome.state === 'refused')
      expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    else expect(answer).toEqual({ status: 200, body: { result: done(outcome).results[0] } });
    return;
  }
  const { method, isStream } = writing;
  const saves = savesOf(writing, plain);
  const kind = method === 'POST' ? 'save' : 'unsave';
  const outcome = plain.do({
    changes: saves.map((save) => ({ kind, ...save })),
    time: 0,
    isWhole: !isStream,
  });
  const body = isStream ? saves.map((save) => JSON.stringify(save)).join('\n') : JSON.stringify(saves);
  const answer = await call(method, '/v1/saves', body, isStream ? 'application/x-ndjson' : undefined);
  if (outcome.state === 'refused') {
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    return;
  }
  const { results, refused } = done(outcome);
  const [did, not] = method === 'POST' ? ['added', 'present'] : ['removed', 'absent'];
  const count = (result: string): number => results.filter((each) => each === result).length;
  expect(answer).toMatchObject({
    status: method === 'POST' ? 201 : 200,
    body: {
      [did]: count(did),
      [not]: count(not),
      ...(isStream ? { rejected: refused.length } : { results }),
    },
  });
}

function done(outcome: ReturnType<PlainSaves['do']>): Extract<typeof outcome, { state: 'done' }> {
  if (outcome.state !== 'done') throw new Error(`the model says ${outcome.state}`);
  return outcome;
}
