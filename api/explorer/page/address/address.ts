import type { Composition, QueryEntry, ThingKind, ThingName } from './composition.ts';
import { readSettings, writeSettings } from './settings-address.ts';

/** What the page shows: all of it is in the URL. */
export type Address =
  | { readonly view: 'start' }
  | {
      readonly view: 'thing';
      readonly thing: ThingName;
      /** Where the visitor came from, the first first. */
      readonly trail: readonly ThingName[];
    }
  | { readonly view: 'compose'; readonly composition: Composition }
  | { readonly view: 'walk'; readonly composition: Composition; readonly drawing?: DrawingChoice }
  | { readonly view: 'operators' };

/** What of a walk is drawn. What is absent has its default. */
export interface DrawingChoice {
  /** Nodes at most. */
  readonly nodes?: number | undefined;
  /** Key of the recommendation to which the ways are lit. */
  readonly lit?: string | undefined;
}

const kinds: readonly string[] = ['pin', 'board', 'user'] satisfies ThingKind[];
const trailMax = 12;

/** Reads the query string of a URL. What it does not understand is passed over. */
export function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search);
  const view = parameters.get('view');
  if (view === 'operators') return { view };
  const things = [...parameters].flatMap(([name, key]) => thingOf(name, key));
  if (view === 'compose' || view === 'walk') {
    const weights = (parameters.get('weights') ?? '').split(',').map(Number);
    const query = things.map((thing, i): QueryEntry => {
      const weight = weights[i] ?? 1;
      return { ...thing, weight: weight > 0 && Number.isFinite(weight) ? weight : 1 };
    });
    const settings = readSettings(parameters, '');
    const isCompared = parameters.get('compare') === 'true';
    const other = isCompared ? readSettings(parameters, 'other.') : undefined;
    const composition = { query, settings, ...(other && { other }) };
    const drawing = drawingOf(parameters);
    return view === 'walk' && drawing ? { view, composition, drawing } : { view, composition };
  }
  const [thing] = things;
  if (thing === undefined) return { view: 'start' };
  const trail = [...parameters].flatMap(([name, key]) =>
    name.startsWith('via.') ? thingOf(name.slice(4), key) : [],
  );
  return { view: 'thing', thing, trail };
}

/** The URL of a view, from its path on. */
export function writeAddress(address: Address): string {
  const parameters = new URLSearchParams();
  if (address.view === 'operators') parameters.set('view', 'operators');
  if (address.view === 'thing') {
    parameters.set(address.thing.kind, address.thing.key);
    for (const { kind, key } of address.trail.slice(-trailMax)) parameters.append(`via.${kind}`, key);
  }
  if (address.view === 'compose' || address.view === 'walk') {
    const { query, settings, other } = address.composition;
    parameters.set('view', address.view);
    for (const { kind, key } of query) parameters.append(kind, key);
    const weights = query.map(({ weight }) => weight);
    if (weights.some((weight) => weight !== 1)) parameters.set('weights', weights.join(','));
    writeSettings(parameters, settings, '');
    if (other) {
      parameters.set('compare', 'true');
      writeSettings(parameters, other, 'other.');
    }
  }
  if (address.view === 'walk') {
    const { nodes, lit } = address.drawing ?? {};
    if (nodes !== undefined) parameters.set('nodes', String(nodes));
    if (lit !== undefined) parameters.set('lit', lit);
  }
  const search = parameters.toString();
  return search === '' ? '/' : `/?${search}`;
}

/** Undefined where nothing is chosen. */
function drawingOf(parameters: URLSearchParams): DrawingChoice | undefined {
  const nodes = Number(parameters.get('nodes') ?? NaN);
  const lit = parameters.get('lit');
  if (!(nodes > 0) && lit === null) return undefined;
  return { ...(nodes > 0 && { nodes }), ...(lit !== null && { lit }) };
}

function thingOf(name: string, key: string): ThingName[] {
  return kinds.includes(name) && key !== '' ? [{ kind: name as ThingKind, key }] : [];
}
