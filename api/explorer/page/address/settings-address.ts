import { type ParamValue, type Settings, noSettings } from './composition.ts';

const numbers = [
  'limit',
  'diversity',
  'hubCorrection',
  'minRelevance',
  'halfLifeDays',
  'windowDays',
  'randomSeed',
] as const;
const texts = ['algorithm', 'target'] as const;
const own = new Set<string>([
  'view',
  'pin',
  'board',
  'user',
  'weights',
  'via',
  'compare',
  'without',
  'filter',
  'nodes',
  'lit',
]);

/** Settings of an address: `steps=20000`, and `other.steps=50000` for those that are compared with. */
export function readSettings(parameters: URLSearchParams, prefix: string): Settings {
  const settings: Record<string, unknown> = {};
  const params: Record<string, ParamValue> = {};
  for (const [fullName, text] of parameters) {
    if (prefix === '' ? fullName.includes('.') : !fullName.startsWith(prefix)) continue;
    const name = fullName.slice(prefix.length);
    if ((numbers as readonly string[]).includes(name)) {
      if (isNumber(text)) settings[name] = Number(text);
    } else if ((texts as readonly string[]).includes(name)) settings[name] = text;
    else if (!own.has(name)) params[name] = valueOf(text);
  }
  const filter = readFilter(parameters.get(`${prefix}filter`));
  return {
    ...noSettings,
    ...settings,
    ...(filter && { filter }),
    params,
    without: parameters.getAll(`${prefix}without`),
  };
}

export function writeSettings(parameters: URLSearchParams, settings: Settings, prefix: string): void {
  for (const name of [...texts, ...numbers]) {
    const value = settings[name];
    if (value !== undefined) parameters.set(prefix + name, String(value));
  }
  for (const [name, value] of Object.entries(settings.params)) parameters.set(prefix + name, String(value));
  for (const pin of settings.without) parameters.append(`${prefix}without`, pin);
  const { filter } = settings;
  if (filter && Object.keys(filter).length > 0) parameters.set(`${prefix}filter`, JSON.stringify(filter));
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function valueOf(text: string): ParamValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return isNumber(text) ? Number(text) : text;
}

function readFilter(text: string | null): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
