import { z } from 'zod';
import { type NodeKind, nodeKinds } from '../../engine/graph/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { invalidRequest, noParameters, validate } from '../base/index.ts';
import {
  type RecommendationInput,
  type SearchItem,
  booleanFromQuery,
  filterSchema,
  noViewer,
  numberFromQuery,
  promotedSearchFields,
  searchResponse,
} from '../contract/index.ts';
import { assertFieldKnown, assertFieldsKnown, compileFilter } from '../recommend/index.ts';
import {
  Highlighter,
  type PinSearchOptions,
  type RankedPins,
  type SearchHit,
  Searcher,
  type Walks,
} from '../search/index.ts';
import type { Service } from '../service.ts';
import type { Caller } from '../runtime/serving/index.ts';
import { depthMax, readSearchCursor, writeSearchCursor } from './search-cursor.ts';
import { assertMayPromote, promoteHits } from './promote-search.ts';
import { callerOf, walkFor } from './walks.ts';

const textLengthMax = 200;
const limitMax = 100;
/** Pins of a walk that takes part in a search. */
const walkedMax = 200;

const filterLengthMax = 4_096;
const facetsMax = 10;
const suggestionsMax = 20;

const searchQuery = z
  .strictObject({
    q: z.string().min(1).max(textLengthMax),
    kind: z.enum(nodeKinds).default('pins').describe('The kind of node to find. With `expand`, only `pins`.'),
    limit: numberFromQuery(z.int().min(1).max(limitMax).default(20)),
    expand: booleanFromQuery(
      z
        .boolean()
        .default(false)
        .describe(
          'Whether a walk from the hits finds the rest. `true` only with the kind `pins`, else it is refused.',
        ),
    ),
    user: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('A person: pins that go with their saves rank higher. Only for pins.'),
    filter: z
      .string()
      .max(filterLengthMax)
      .optional()
      .describe('Conditions as JSON, as in `POST /v1/recommendations`: `{"language": "en"}`. Only for pins.'),
    facets: z
      .string()
      .min(1)
      .max(filterLengthMax)
      .optional()
      .describe(
        `Up to ${facetsMax} fields, separated by commas, whose values are counted over all hits. ` +
          '`*`: up to five fields whose values most hits share with others. Only for pins.',
      ),
    collapse: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe(
        'A stored field, such as `picture`: only the best hit with each value is listed, across all pages. Only for pins.',
      ),
    ...promotedSearchFields,
    explain: booleanFromQuery(
      z.boolean().default(false).describe('Adds `highlights` and `signals` to pins, and `weights`.'),
    ),
    suggest: numberFromQuery(
      z.int().min(0).max(suggestionsMax).default(0).describe('Number of titles that begin with `q`.'),
    ),
    cursor: z
      .string()
      .max(100)
      .optional()
      .describe('`nextCursor` of the page before. Only for pins, without `expand`.'),
  })
  .refine(({ kind, expand }) => kind === 'pins' || !expand, {
    path: ['expand'],
    message: 'is only for pins',
  })
  .superRefine((query, context) => {
    if (query.promotedSlots !== undefined && (query.viewer ?? query.user) === undefined) {
      context.addIssue({ code: 'custom', path: ['promotedSlots'], message: noViewer });
    }
    for (const name of ['user', 'filter', 'facets', 'collapse', 'promotedSlots', 'cursor'] as const) {
      if (query.kind !== 'pins' && query[name] !== undefined) {
        context.addIssue({ code: 'custom', path: [name], message: 'is only for pins' });
      }
    }
    if (query.expand && query.cursor !== undefined) {
      context.addIssue({ code: 'custom', path: ['cursor'], message: 'is not for a search with expand' });
    }
  });

type SearchQuery = z.output<typeof searchQuery>;

const filtered = z.object({ filter: filterSchema.optional() });

export function searchRoutes(service: Service): Route[] {
  const { folder, graphs, store, counts, turns, log, settings } = service;
  const onFault = (err: unknown): void =>
    log.error({ err }, 'texts could not be indexed: searches rank without them');
  const searcher = new Searcher(folder, store, counts, turns, onFault, settings.searchRandomArm);

  /** Keys of a walk's pins, best first. */
  const walk = async (input: RecommendationInput, caller: Caller): Promise<RankedPins> => {
    const found = await walkFor(service, input, caller);
    return found?.items.map(({ pin = '' }) => pin) ?? [];
  };

  const walksOf = ({ expand, user }: SearchQuery, caller: Caller): Walks => ({
    ...(expand && { fromHits: async (query) => walk({ query: [...query], limit: walkedMax }, caller) }),
    ...(user !== undefined && {
      fromUser: async () => walk({ query: [{ user }], limit: walkedMax }, caller),
    }),
  });

  /** Throws `invalid-request`, and `invalid-filter` for a field that no pin has. */
  const optionsOf = ({
    filter: json,
    facets,
    collapse,
    cursor,
  }: SearchQuery): Pick<PinSearchOptions, 'accepts' | 'facets' | 'collapse'> &
    ReturnType<typeof readSearchCursor> => {
    const { filter } = validate(filtered, json === undefined ? {} : { filter: parsed(json) });
    if (filter !== undefined) assertFieldsKnown(filter, store);
    if (collapse !== undefined) assertFieldKnown(['collapse'], collapse, store);
    const fields = facets === '*' ? facets : facets?.split(',');
    if (fields !== undefined && fields.length > facetsMax) {
      throw invalidRequest([{ pointer: '/facets', code: 'too-big', detail: `has over ${facetsMax} fields` }]);
    }
    if (fields !== '*') for (const field of fields ?? []) assertFieldKnown(['facets'], field, store);
    return {
      ...(cursor === undefined ? { offset: 0, promoted: 0 } : readSearchCursor(cursor)),
      accepts: filter && compileFilter(filter),
      facets: fields,
      collapse,
    };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/v1/search',
      operationId: 'search',
      tag: 'search',
      summary: 'Find pins by text, while typing; boards and users by the start of their names',
      description:
        'A pin matches by key, title and text, regardless of case and diacritics; the last word may be a prefix. Best first: ' +
        'exact keys and titles, then keys that start with `q`; then, where texts are indexed, by the words of title, tags, text ' +
        'and titles of boards, their stems and related words, else by bm25 and popularity of pins with all words. With `expand`, ' +
        'a walk from the best hits ranks as well, and text finds at most half of the items. ' +
        'A board matches by the start of its key or title, a user by the start of their key. With fewer than five matches, ' +
        'those follow that differ from `q` by one edit (`source`: `typo`) and have more saves than every match.',
      scope: 'read',
      params: noParameters,
      query: searchQuery,
      response: { status: 200, description: 'Ranked items', schema: searchResponse },
      problems: ['graph-not-ready', 'overloaded', 'unknown-user', 'invalid-filter'],
      handle: async ({ query, context, signal }) => {
        const { q, kind, limit } = query;
        const snapshot = graphs.current;
        // Whether a call needs a graph must not depend on its results.
        if (query.expand || query.user !== undefined) void graphs.snapshot;
        const text = q.trim();
        const suggestions =
          query.suggest > 0 && text !== '' ? await searcher.suggest(text, query.suggest, snapshot) : [];
        const common = { q, kind, graphVersion: snapshot?.version ?? null };
        const suggested = query.suggest > 0 && { suggestions };
        const { offset, promoted: before, ...options } = optionsOf(query);
        assertMayPromote(query, context);
        if (kind !== 'pins' || text === '') {
          const hits = text === '' || kind === 'pins' ? [] : await searcher[kind](text, limit, snapshot);
          const items = hits.map((hit, i) => itemOf(kind, i + 1, hit));
          return { body: { ...common, items, nextCursor: null, ...suggested } };
        }
        const walks = walksOf(query, callerOf({ context, signal }));
        const page = await searcher.pins(text, { limit, offset, walks, ...options }, snapshot);
        const { corrections, index, facets, blend, stem } = page;
        const highlighter = query.explain
          ? new Highlighter(text, [...corrections.values()].flat(), stem)
          : undefined;
        const ranked = offset + before;
        const hits = page.hits.map((hit, i) => ({
          ...itemOf(kind, ranked + i + 1, hit),
          ...(highlighter && { highlights: highlighter.of(hit.title, hit.text) }),
          ...(query.explain && hit.signals && { signals: hit.signals }),
        }));
        const { items, placed, summary } = await promoteHits(service, {
          query,
          text,
          items: hits,
          ranked,
          caller: callerOf({ context, signal }),
        });
        const next = offset + items.length - placed;
        const hasNext =
          (page.hasMore || items.length - placed < hits.length) && !query.expand && next <= depthMax;
        const nextCursor = hasNext ? writeSearchCursor({ offset: next, promoted: before + placed }) : null;
        const corrected = corrections.size > 0 && { corrections: Object.fromEntries(corrections) };
        return {
          body: {
            ...common,
            items,
            nextCursor,
            index,
            ...corrected,
            ...(query.explain && blend && { weights: { words: 1, ...blend } as const }),
            ...(facets && { facets }),
            ...(summary && { promoted: summary }),
            ...suggested,
          },
        };
      },
    }),
  ];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw invalidRequest([{ pointer: '/filter', code: 'invalid-json', detail: 'is not valid JSON' }]);
  }
}

function itemOf(kind: NodeKind, rank: number, { key, title, count, source }: SearchHit): SearchItem {
  if (kind === 'pins') return { rank, pin: key, title, boards: count, source };
  if (kind === 'boards') return { rank, board: key, title, pins: count, source };
  return { rank, user: key, boards: count, source };
}
