import { importTopics } from '../topics.ts';
import { type Answer, type TestServer, serveForSuite } from './server.ts';

export interface Item {
  readonly rank: number;
  readonly pin: string;
  readonly promoted?: { readonly campaign: string; readonly label: string; readonly token: string };
}

/** Of lists. */
export const limit = 4;
export const budget = { dailyBudgetMicros: 10_000_000 };
export const bid = (micros: number, per = 'click'): object => ({ per, micros });
export const promotedOf = ({ body }: Answer): Item[] =>
  (body.items as Item[]).filter(({ promoted }) => promoted !== undefined);

/** A server for a suite, with what tests of campaigns do to it. */
interface CampaignServer {
  readonly server: TestServer;
  readonly send: (method: string, path: string, body?: object) => Promise<Answer>;
  /** A list for somebody who likes bread, with promoted slots. */
  readonly related: (viewer: string, more?: object) => Promise<Answer>;
  /** Without promoted slots. */
  readonly organic: () => Promise<string[]>;
  readonly put: (id: string, body: object, query?: string) => Promise<Answer>;
  readonly remove: (id: string) => Promise<Answer>;
  /** The promoted pins of a list, with their ranks. */
  readonly shownTo: (viewer: string, more?: object) => Promise<string[]>;
  /** Pins of bread that the list does not show anyway. */
  readonly others: () => Promise<string[]>;
}

export function serveCampaigns(): CampaignServer {
  const server: TestServer = serveForSuite((folder) => importTopics(folder));
  const send = async (method: string, path: string, body?: object): Promise<Answer> =>
    server.get(path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const related = async (viewer: string, more: object = {}): Promise<Answer> =>
    server.post('/v1/recommendations', {
      query: [{ pin: 'bread-0' }],
      limit,
      viewer,
      promoted: { slots: [2, 4] },
      ...more,
    });
  const organic = async (): Promise<string[]> =>
    ((await related('nobody', { promoted: undefined })).body.items as Item[]).map(({ pin }) => pin);
  return {
    server,
    send,
    related,
    organic,
    put: async (id: string, body: object, query = ''): Promise<Answer> =>
      send('PUT', `/v1/campaigns/${id}${query}`, body),
    remove: async (id: string): Promise<Answer> => send('DELETE', `/v1/campaigns/${id}`),
    shownTo: async (viewer: string, more?: object): Promise<string[]> =>
      promotedOf(await related(viewer, more)).map(({ rank, pin }) => `${rank} ${pin}`),
    others: async (): Promise<string[]> => {
      const shown = new Set([...(await organic()), 'bread-0']);
      return Array.from({ length: 20 }, (_, i) => `bread-${i}`).filter((pin) => !shown.has(pin));
    },
  };
}
