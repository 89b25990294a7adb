import { z } from 'zod';
import { type SettingName, settingsShape } from './settings.ts';

/** One setting, for help texts and for parsing. */
export interface SettingSpec {
  readonly name: SettingName;
  readonly kind: 'integer' | 'number' | 'text';
  /** As in docs/configuration.md: `integer in [0, 65535]`. */
  readonly allowed: string;
  readonly default: unknown;
  readonly about: string;
  /** `--queue-ms-max`. */
  readonly flag: string;
  /** The environment variables that set it; later ones override earlier ones. */
  readonly variables: readonly string[];
}

/** Variables that hosting platforms set. */
const otherVariables: Partial<Record<SettingName, string>> = { host: 'HOST', port: 'PORT' };

export const settingSpecs: readonly SettingSpec[] = (Object.keys(settingsShape) as SettingName[]).map(
  (name) => {
    const json = z.toJSONSchema(settingsShape[name], { io: 'input' });
    const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const other = otherVariables[name];
    const own = `PINWALK_${words.replaceAll('-', '_').toUpperCase()}`;
    return {
      name,
      kind: json.type === 'integer' || json.type === 'number' ? json.type : 'text',
      allowed: allowedBy(json),
      default: json.default,
      about: json.description ?? '',
      flag: `--${words}`,
      variables: other === undefined ? [own] : [other, own],
    };
  },
);

function allowedBy({ type, enum: values, minimum, maximum, ...more }: z.core.JSONSchema.BaseSchema): string {
  if (typeof more['allowed'] === 'string') return more['allowed'];
  if (values !== undefined) return values.join(', ');
  return type === 'string' ? 'text, not empty' : `${String(type)} in [${minimum}, ${maximum}]`;
}
