import type { Composition, NodeKind, NodeRef, QueryEntry } from './composition.ts';
import { readFilter, readSettings, writeFilter, writeSettings } from './settings-address.ts';

/** The state of the page. The URL holds all of it. */
export type Address =
  | { readonly view: 'start' }
  | {
      readonly view: 'node';
      readonly node: NodeRef;
      /** The nodes that led here, oldest first. */
      readonly trail: readonly NodeRef[];
      /** Whether ranked pins are a table. */
      readonly isTable?: boolean | undefined;
    }
  | { readonly view: 'compose'; readonly composition: Composition; readonly isTable?: boolean | undefined }
  | { readonly view: 'walk'; readonly composition: Composition; readonly drawing?: DrawingChoice }
  | { readonly view: 'search'; readonly search: SearchChoice }
  | {
      readonly view: 'interests';
      /** The interest that is shown; without it, all are. */
      readonly id?: string | undefined;
      /** The person whose feed of the interest is shown. */
      readonly user?: string | undefined;
    }
  | { readonly view: 'operators' }
  | {
      readonly view: 'notifications';
      /** The person whose plan is shown. */
      readonly user?: string | undefined;
    }
  | { readonly view: 'experiments' | 'ads'; readonly id?: string | undefined };

/** How a walk is drawn. Absent fields have their defaults. */
export interface DrawingChoice {
  /** The maximum number of nodes. */
  readonly nodes?: number | undefined;
  /** Key of the recommendation whose paths are highlighted. */
  readonly lit?: string | undefined;
}

/** A search of pins. Absent fields have their defaults. */
export interface SearchChoice {
  readonly q: string;
  /** Whether a walk from the hits finds the rest. */
  readonly expand?: boolean | undefined;
  /** The person to rank for. */
  readonly user?: string | undefined;
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
}

const kinds: readonly string[] = ['pin', 'board', 'user'] satisfies NodeKind[];
const trailMax = 12;

/** Reads the query string of a URL and ignores unknown and invalid parts. */
export function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search);
  const view = parameters.get('view');
  if (view === 'operators') return { view };
  if (view === 'experiments' || view === 'ads') return { view, id: parameters.get('id') ?? undefined };
  if (view === 'notifications') return { view, user: filled(parameters, 'user') };
  if (view === 'search') return { view, search: searchOf(parameters) };
  if (view === 'interests') {
    return { view, id: filled(parameters, 'id'), user: filled(parameters, 'user') };
  }
  const nodes = [...parameters].flatMap(([name, key]) => nodesOf(name, key));
  if (view === 'compose' || view === 'walk') {
    const weights = (parameters.get('weights') ?? '').split(',').map(Number);
    const query = nodes.map((node, i): QueryEntry => {
      const weight = weights[i] ?? 1;
      return { ...node, weight: weight > 0 && Number.isFinite(weight) ? weight : 1 };
    });
    const settings = readSettings(parameters, '');
    const isCompared = parameters.get('compare') === 'true';
    const other = isCompared ? readSettings(parameters, 'other.') : undefined;
    const composition = { query, settings, ...(other && { other }) };
    if (view === 'compose') return { view, composition, ...asTable(parameters) };
    const drawing = drawingOf(parameters);
    return drawing === undefined ? { view, composition } : { view, composition, drawing };
  }
  const [node] = nodes;
  if (node === undefined) return { view: 'start' };
  const trail = [...parameters].flatMap(([name, key]) =>
    name.startsWith('via.') ? nodesOf(name.slice(4), key) : [],
  );
  return { view: 'node', node, trail, ...asTable(parameters) };
}

function asTable(parameters: URLSearchParams): { isTable?: true } {
  return parameters.get('as') === 'table' ? { isTable: true } : {};
}

/** The page of a node, without a trail. */
export function nodeAddress({ kind, key }: NodeRef): Address {
  return { view: 'node', node: { kind, key }, trail: [] };
}

/** The URL of a view, starting at its path. */
export function writeAddress(address: Address): string {
  const parameters = new URLSearchParams();
  if (address.view !== 'start' && address.view !== 'node') parameters.set('view', address.view);
  if (address.view === 'experiments' || address.view === 'ads' || address.view === 'interests')
    set(parameters, 'id', address.id);
  if (address.view === 'interests' || address.view === 'notifications') set(parameters, 'user', address.user);
  if (address.view === 'search') {
    const { q, expand, user, filter } = address.search;
    set(parameters, 'q', q);
    set(parameters, 'expand', expand === true ? 'true' : undefined);
    set(parameters, 'user', user);
    writeFilter(parameters, 'filter', filter);
  }
  if (address.view === 'node') {
    parameters.set(address.node.kind, address.node.key);
    for (const { kind, key } of address.trail.slice(-trailMax)) parameters.append(`via.${kind}`, key);
  }
  if (address.view === 'compose' || address.view === 'walk') {
    const { query, settings, other } = address.composition;
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
  const isTable = (address.view === 'node' || address.view === 'compose') && address.isTable === true;
  if (isTable) parameters.set('as', 'table');
  const search = parameters.toString();
  return search === '' ? '/' : `/?${search}`;
}

function searchOf(parameters: URLSearchParams): SearchChoice {
  return {
    q: parameters.get('q') ?? '',
    ...(parameters.get('expand') === 'true' && { expand: true }),
    user: filled(parameters, 'user'),
    filter: readFilter(parameters.get('filter')),
  };
}

/** A parameter that is there and not empty. */
function filled(parameters: URLSearchParams, name: string): string | undefined {
  const value = parameters.get(name);
  return value === null || value === '' ? undefined : value;
}

function set(parameters: URLSearchParams, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') parameters.set(name, value);
}

function drawingOf(parameters: URLSearchParams): DrawingChoice | undefined {
  const nodes = Number(parameters.get('nodes') ?? NaN);
  const lit = parameters.get('lit');
  if (!(nodes > 0) && lit === null) return undefined;
  return { ...(nodes > 0 && { nodes }), ...(lit !== null && { lit }) };
}

function nodesOf(name: string, key: string): NodeRef[] {
  return kinds.includes(name) && key !== '' ? [{ kind: name as NodeKind, key }] : [];
}
