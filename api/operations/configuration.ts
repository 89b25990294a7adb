import { meantBy } from '../../engine/base/index.ts';
import { type SettingSpec, settingSpecs } from './setting-specs.ts';
import { type SettingName, type Settings, settingsSchema } from './settings.ts';

/** Sources of settings: flags override the environment, which overrides the file, which overrides defaults. */
export interface ConfigurationSources {
  /** An error thrown by `read` is reported with the other faults. */
  readonly file?: SettingsFile | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By setting, as written on the command line. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
}

interface SettingsFile {
  readonly name: string;
  readonly read: () => string;
}

export interface Configuration {
  readonly settings: Settings;
  /** The source of each: `default`, the name of the file, the variable or the flag. */
  readonly origins: Readonly<Record<SettingName, string>>;
  /** One line per fault; empty when the settings are valid. */
  readonly faults: readonly string[];
}

interface Given {
  readonly origin: string;
  readonly value: unknown;
}

/** Merges the sources, and collects every fault. An invalid setting gets its default. */
export function configure({ file, environment, flags }: ConfigurationSources): Configuration {
  const faults: string[] = [];
  const fromFile = file === undefined ? new Map<string, unknown>() : parseFile(file, faults);
  const settings: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const spec of settingSpecs) {
    const given: Given[] = [];
    if (file !== undefined && fromFile.has(spec.name)) {
      given.push({ origin: file.name, value: fromFile.get(spec.name) });
    }
    for (const variable of spec.variables) {
      const text = environment[variable];
      if (text !== undefined) given.push({ origin: variable, value: valueOf(spec, text) });
    }
    const flag = flags[spec.name];
    if (flag !== undefined) given.push({ origin: spec.flag, value: valueOf(spec, flag) });
    // Overridden values are checked too: they apply again once the later source is removed.
    faults.push(...given.flatMap((each) => faultOf(spec, each)));
    const last = given.findLast((each) => faultOf(spec, each).length === 0);
    origins[spec.name] = last?.origin ?? 'default';
    if (last !== undefined) settings[spec.name] = last.value;
  }
  return {
    settings: settingsSchema.parse(settings),
    origins: origins as Record<SettingName, string>,
    faults,
  };
}

function faultOf(spec: SettingSpec, { origin, value }: Given): string[] {
  if (settingsSchema.safeParse({ [spec.name]: value }).success) return [];
  return [`${origin}: ${spec.name} is ${JSON.stringify(value)}, allowed is ${spec.allowed}`];
}

/** Parses numbers, including 5e6 and 20_000; other text stays text, which the schema rejects. */
function valueOf({ kind }: SettingSpec, text: string): unknown {
  if (kind === 'text' || !/^-?[\d_.]+(e[+-]?\d+)?$/i.test(text)) return text;
  const value = Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? text : value;
}

function parseFile({ name, read }: SettingsFile, faults: string[]): Map<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(read());
  } catch (error) {
    const what = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    faults.push(`${name}: ${what}: ${(error as Error).message}`);
    return new Map();
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    faults.push(`${name}: it is not a JSON object: write {"port": 3000}`);
    return new Map();
  }
  const names = settingSpecs.map((spec) => spec.name);
  const known: ReadonlySet<string> = new Set(names);
  for (const unknown of Object.keys(content).filter((key) => !known.has(key))) {
    const meant = meantBy(unknown, names);
    const hint = meant === undefined ? `allowed are ${names.join(', ')}` : `did you mean ${meant}?`;
    faults.push(`${name}: there is no setting ${JSON.stringify(unknown)}; ${hint}`);
  }
  return new Map(Object.entries(content));
}
