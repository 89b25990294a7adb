import { type ParamValue, type Settings, commonSpecs, isCommonName, noSettings } from './settings.ts';

/** Address parameters that are no parameter of an algorithm. */
const reserved = new Set(
  'view pin board user weights via compare without whyNot filter nodes lit as'.split(' '),
);

/** Reads settings: `steps=20000`, and with the prefix `other.` those to compare with: `other.steps=50000`. */
export function readSettings(parameters: URLSearchParams, prefix: string): Settings {
  const settings: Record<string, unknown> = {};
  const params: Record<string, ParamValue> = {};
  for (const [fullName, text] of parameters) {
    if (prefix === '' ? fullName.includes('.') : !fullName.startsWith(prefix)) continue;
    const name = fullName.slice(prefix.length);
    const value = valueOf(text);
    if (name === 'algorithm' || name === 'target') settings[name] = text;
    else if (!isCommonName(name)) {
      if (!reserved.has(name)) params[name] = value;
    } else if (typeof value === typeof commonSpecs[name].default) settings[name] = value;
  }
  const filter = readFilter(parameters.get(`${prefix}filter`));
  return {
    ...noSettings,
    ...settings,
    ...(filter && { filter }),
    params,
    without: parameters.getAll(`${prefix}without`),
    whyNot: parameters.getAll(`${prefix}whyNot`),
  };
}

export function writeSettings(parameters: URLSearchParams, settings: Settings, prefix: string): void {
  for (const name of ['algorithm', 'target', ...Object.keys(commonSpecs)] as const) {
    const value = settings[name as keyof typeof commonSpecs];
    if (value !== undefined) parameters.set(prefix + name, String(value));
  }
  for (const [name, value] of Object.entries(settings.params)) parameters.set(prefix + name, String(value));
  for (const pin of settings.without) parameters.append(`${prefix}without`, pin);
  for (const pin of settings.whyNot) parameters.append(`${prefix}whyNot`, pin);
  writeFilter(parameters, `${prefix}filter`, settings.filter);
}

export function writeFilter(
  parameters: URLSearchParams,
  name: string,
  filter: Settings['filter'] | undefined,
): void {
  if (filter && Object.keys(filter).length > 0) parameters.set(name, JSON.stringify(filter));
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function valueOf(text: string): ParamValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return isNumber(text) ? Number(text) : text;
}

/** A filter of the API as JSON; undefined for anything else. */
export function readFilter(text: string | null): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
