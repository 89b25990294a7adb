import { readPosition } from '../../graph-data/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { noParameters } from '../base/index.ts';
import type { Service } from '../service.ts';
import { createGraphFacts } from '../runtime/serving/index.ts';
import { graphResponse } from '../contract/index.ts';

export function graphRoutes({ folder, graphs, store, presets }: Service): Route[] {
  const factsOf = createGraphFacts(folder);
  return [
    defineRoute({
      method: 'get',
      path: '/v1/graph',
      operationId: 'getGraph',
      tag: 'graph',
      summary: 'The served graph: version, counts, degrees, size, and how far the database is ahead of it',
      scope: 'read',
      params: noParameters,
      query: noParameters,
      response: { status: 200, description: 'The graph', schema: graphResponse },
      problems: ['graph-not-ready'],
      handle: async () => {
        const { snapshot } = graphs;
        const { header, version } = snapshot;
        const { builtAt, degrees, communities } = await factsOf(snapshot);
        return {
          body: {
            version,
            builtAt,
            state: graphs.state,
            counts: header.counts,
            degrees,
            bytes: header.sections.reduce((sum, { bytes }) => sum + bytes, 0),
            communities: communities ?? null,
            liveSaves: graphs.liveSaves,
            reserveLeft: graphs.reserveLeft,
            presets: Object.fromEntries(presets.presets),
            addedSinceBuild: Math.max(0, readPosition(store.database) - header.position),
          },
        };
      },
    }),
  ];
}
