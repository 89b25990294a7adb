import { Work, prices } from '../../engine/base/index.ts';
import { findReasons } from '../../engine/explain/index.ts';
import { degreeOf, nodeNames } from '../../engine/graph/index.ts';
import { type Ranking, Engine, runPipeline } from '../../engine/pipeline/index.ts';
import { type IsExcluded, intraListDiversity } from '../../engine/rank/index.ts';
import type { DataFolder, LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { Problem, roundedMs } from '../base/index.ts';
import type { RecommendationRequest, RecommendationResult, RecommendedItem } from '../contract/index.ts';
import { compileFilter } from './compile-filter.ts';
import { collapsedValue, runCollapsed } from './collapse.ts';
import { assertFieldKnown, assertFieldsKnown, assertNotMistyped } from './known-fields.ts';
import { FieldLength } from './field-length.ts';
import { InterestCatalog } from './interest-catalog.ts';
import { type InterestLimits, interestLimits } from './interest-limits.ts';
import { reasonOfHolder, reasonOfPin } from './reason-texts.ts';
import { PinNumbers, RequestScorer } from './model-scores.ts';
import type { ModelSource } from './model-source.ts';
import { PinReasons } from './pin-reasons.ts';
import { RecentSaves } from './recent-saves.ts';
import type { RecommendOptions } from './recommend-options.ts';
import { algorithmOf, analysisOf, contributionsOf, noWeights, pick } from './result-parts.ts';
import { visitedMax, visitedOf } from './visited.ts';
import { absenceOf, leftOut } from './why-not.ts';
import { type ResolvedQuery, resolveQuery, kindAndKey } from './resolve-query.ts';

interface RecommenderDeps {
  readonly store: Store;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Where the interests are. */
  readonly folder: DataFolder;
  /** What pipelines with a `model` rank by: without it, these are refused. */
  readonly models?: ModelSource | undefined;
}

/** Candidates whose fields a filter looks at in one request, in the order in which they are found: about a second. */
export const filteredMax = 200_000;
/** A text of V8 has up to 2^29 characters, and one here may be escaped by six. */
export const fieldLengthMaxDefault = 2 ** 25;

/** Answers recommendation requests one after another, on one set of scratch arrays. */
export class Recommender {
  readonly #deps: RecommenderDeps;
  readonly #recent: RecentSaves;
  readonly #reasons: PinReasons;
  readonly #pinNumbers: PinNumbers;
  #engine: Engine | undefined;
  #interests: InterestCatalog | undefined;

  constructor(deps: RecommenderDeps) {
    this.#deps = deps;
    this.#recent = new RecentSaves(deps.store, deps.now);
    this.#reasons = new PinReasons(deps.store);
    this.#pinNumbers = new PinNumbers(deps.store);
  }

  /**
   * Same snapshot, request, seed and limits of the work: the same items. Throws the problem `unknown-pin`
   * (`-board`, `-user`) when nothing of the query is in the graph; `missing` lists single unknown keys. Throws
   * `invalid-filter` or `invalid-request` when no pin has a field.
   */
  recommend(
    snapshot: LoadedSnapshot,
    request: RecommendationRequest,
    options: RecommendOptions = {},
  ): RecommendationResult {
    const {
      seen = [],
      leftOut: out,
      ranked = 0,
      bestScore,
      queueMs = 0,
      onStep,
      onVisited,
      onResolved,
      onTimes,
      work = new Work(),
    } = options;
    const { store, now, wallClock } = this.#deps;
    const { target, pipeline, randomSeed, weightsFrom } = request;
    if (weightsFrom !== undefined && snapshot.linear === undefined) throw noWeights(weightsFrom);
    const limits = this.#limitsOf(snapshot, request);
    const resolved = this.resolve(snapshot, request, work, limits);
    onResolved?.(resolved);
    const isSpecific = pipeline.score.specificity > 0;
    if (this.#engine?.graph !== snapshot.graph) this.#engine = new Engine(snapshot.graph);
    const engine = this.#engine;
    const isNamed = this.#exclusions(request, resolved, seen, work, limits);
    const isExcluded: IsExcluded =
      out === undefined ? isNamed : (pin) => out.has(this.#pinNumbers.of(pin)) || isNamed(pin);
    const analysis = analysisOf(snapshot);
    const wanted = leftOut(store, snapshot, request, resolved, seen, limits);
    work.count(wanted.length, prices.row);
    const { models } = this.#deps;
    const scorer = models && new RequestScorer(models, this.#pinNumbers, request);
    const started = now();
    const run = (isOut: IsExcluded, reusesWalk: boolean): Ranking =>
      runPipeline(engine, analysis, resolved.query, pipeline, {
        target,
        limit: request.limit,
        randomSeed,
        isExcluded: isOut,
        bestScore,
        onStep,
        reusesWalk,
        work,
        traced: wanted.flatMap(({ index, absence }) => (absence === undefined ? index : [])),
        scoreByModel: scorer?.score,
        visitedMax: onVisited === undefined ? 0 : visitedMax,
        recentSaves: (windowDays) => this.#recent.within(windowDays, target, wallClock(), work),
      });
    const ranking =
      request.collapse === undefined
        ? run(isExcluded, false)
        : runCollapsed(run, isExcluded, collapsedValue(store, request.collapse, seen, work));
    onVisited?.(
      visitedOf(
        request.promoted?.isOther === true ? { ...ranking, best: [] } : ranking,
        resolved.query.pins.filter((pin) => limits?.isHidden(pin) !== true),
        isExcluded,
        models && new RequestScorer(models, this.#pinNumbers, request).score,
      ),
    );
    const walked = now();
    const shown = store.atOnce(() => {
      // Nodes that were removed after the build have no key any more.
      const best = ranking.best.filter(({ pin }) => store.keyAt(target, pin) !== undefined);
      work.count(best.length, prices.save);
      if (target === 'pins') work.count(best.length ** 2, prices.node);
      const fieldLength = new FieldLength(options.fieldLengthMax ?? fieldLengthMaxDefault);
      const items = this.#items(snapshot, engine, request, resolved, best, {
        ranked,
        work,
        fieldLength,
        scorer,
      });
      return { best, items };
    });
    onTimes?.({ started, walked, ended: now() });
    const pins = target === 'pins' ? shown.best.map(({ pin }) => pin) : [];
    const boards = pins.reduce((sum, pin) => sum + degreeOf(snapshot.graph.pinToBoard, pin), 0);
    return {
      graphVersion: snapshot.version,
      algorithm: algorithmOf(request, ranking, snapshot),
      ...(scorer?.used !== undefined && {
        model: {
          label: pipeline.score.model,
          version: scorer.used.version,
          asOf: new Date(scorer.used.asOf).toISOString(),
        },
      }),
      randomSeed,
      items: shown.items,
      stats: {
        ...ranking.stats,
        isTruncated: ranking.stats['isTruncated'] === true || work.isExhausted,
        work: Math.ceil(work.used),
        backfilled: ranking.backfilled,
        widened: ranking.backfilled,
        intraListDiversity:
          analysis.communities === undefined ? 0 : intraListDiversity(pins, analysis.communities),
        meanPopularity: pins.length === 0 ? 0 : boards / pins.length,
        walkMs: roundedMs(walked - started),
        queueMs: roundedMs(queueMs),
      },
      ...(wanted.length > 0 && {
        whyNot: wanted.map(({ pin, index, absence }) => {
          if (absence !== undefined) return absence;
          const found = ranking.traced.find((each) => each.pin === index)!;
          const traced = 'rank' in found ? { ...found, rank: ranked + found.rank } : found;
          return absenceOf(pin, traced, request, work.isExhausted, () => {
            if (resolved.query.pins.length === 0) return undefined;
            const [reason] = findReasons(
              snapshot.graph,
              resolved.query,
              [index],
              this.#reasons.scratch,
              work,
            );
            return reasonOfPin(snapshot, index, reason!, isSpecific, store);
          });
        }),
      }),
      missing: resolved.missing,
      fallback: ranking.fallback,
    };
  }

  /** Translates the keys of a request. Throws as {@link recommend} does. */
  resolve(
    snapshot: LoadedSnapshot,
    request: RecommendationRequest,
    work: Work = new Work(),
    limits: InterestLimits | undefined = this.#limitsOf(snapshot, request),
  ): ResolvedQuery {
    const { store, wallClock } = this.#deps;
    const resolved = resolveQuery(store, snapshot, request, wallClock(), work, limits?.isHidden);
    if (!resolved.isUnknown) return resolved;
    const [kind] = kindAndKey(request.query[0]!);
    const keys = resolved.missing.map((key) => JSON.stringify(key)).join(', ');
    throw new Problem(`unknown-${nodeNames[kind]}`, `the graph does not have ${keys}`);
  }

  /** Read when a request needs them: most need none. */
  #limitsOf(snapshot: LoadedSnapshot, request: RecommendationRequest): InterestLimits | undefined {
    const { store, folder, now } = this.#deps;
    if (request.target !== 'pins') return undefined;
    // The main thread reports faults of the file.
    const catalog = (): InterestCatalog =>
      (this.#interests ??= new InterestCatalog(folder, now, () => undefined));
    return interestLimits(store, catalog, snapshot, request);
  }

  #items(
    snapshot: LoadedSnapshot,
    engine: Engine,
    request: RecommendationRequest,
    { query }: ResolvedQuery,
    best: Ranking['best'],
    {
      ranked,
      work,
      fieldLength,
      scorer,
    }: { ranked: number; work: Work; fieldLength: FieldLength; scorer: RequestScorer | undefined },
  ): RecommendedItem[] {
    const { store } = this.#deps;
    const { graph } = snapshot;
    const { target, explain, fields, pipeline } = request;
    const nodes = best.map(({ pin }) => pin);
    const isExplained = explain && query.pins.length > 0;
    if (fields.length > 0) work.count(nodes.length, prices.row);
    const reasons =
      isExplained && target === 'pins' ? this.#reasons.of(snapshot, request, query, nodes, work) : [];
    const { algorithm, params } = pipeline.candidates;
    const countsPins =
      query.pins.length > 0 && algorithm === 'pixie' && target === 'pins' && params['lastHop'] === 'drawn';
    const moved = explain && scorer?.used !== undefined ? scorer.reasons(best) : [];
    return best.map(({ pin: node, score, probability, propensity }, place): RecommendedItem => {
      const row = fields.length > 0 ? store.nodeAt(target, node) : undefined;
      const text =
        isExplained && target !== 'pins'
          ? reasonOfHolder(graph, query, target, node, store, work)
          : reasons[place];
      return {
        rank: ranked + place + 1,
        [nodeNames[target]]: row?.key ?? store.keyAt(target, node)!,
        score,
        ...(probability !== undefined && { probability }),
        ...(moved.length > 0 && { contributions: contributionsOf(moved[place]!) }),
        ...(propensity !== undefined && { propensity }),
        ...(countsPins && { visits: engine.walkScratch.visits.visitCountOf(node) }),
        ...(explain && !isExplained && { reason: { via: [], text: 'popular' } }),
        ...(text !== undefined && { reason: text }),
        ...(row !== undefined && { fields: fieldLength.counted(pick(row, fields)) }),
      };
    });
  }

  /** Nodes that must not be recommended: owned, excluded, seen, or filtered out. */
  #exclusions(
    { target, exclude, fields, filter, collapse }: RecommendationRequest,
    { named, owned }: ResolvedQuery,
    seen: readonly string[],
    work: Work,
    limits: InterestLimits | undefined,
  ): IsExcluded {
    const { store } = this.#deps;
    if (filter !== undefined && target === 'pins') assertFieldsKnown(filter, store);
    if (target === 'pins') assertNotMistyped(fields, store);
    if (collapse !== undefined) assertFieldKnown(['collapse'], collapse, store);
    const keys = target === 'pins' ? [...exclude.pins, ...seen] : seen;
    work.count(keys.length, prices.save);
    const excluded = new Set(keys.map((key) => store.indexOf(target, key)));
    for (const node of named[target]) excluded.add(node);
    if (exclude.saved) for (const node of owned[target]) excluded.add(node);
    const isOut: IsExcluded =
      limits === undefined
        ? (node) => excluded.has(node)
        : (node) => excluded.has(node) || limits.isLeftOut(node);
    if (filter === undefined) return isOut;
    const passes = compileFilter(filter);
    let rows = 0;
    return (node) => {
      if (isOut(node)) return true;
      if (++rows > filteredMax) work.stop();
      if (rows > filteredMax || work.take(1, prices.row) === 0) return true;
      const row = store.nodeAt(target, node);
      return row === undefined || !passes(row);
    };
  }
}
