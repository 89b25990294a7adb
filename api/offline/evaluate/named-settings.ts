import {
  EngineError,
  type OwnPresets,
  type Params,
  type PipelineSettings,
  leverSpecs,
  settingsNamed,
} from '../../../engine/index.ts';

/** Settings of a pipeline, with a name. */
export interface NamedSettings extends PipelineSettings {
  readonly name: string;
  /** The preset or algorithm that a request would name. Default: `name`. */
  readonly servedAs?: string | undefined;
}

/** The settings of an algorithm or preset. */
export function namedSettings(name: string, own?: OwnPresets): NamedSettings | undefined {
  const settings = settingsNamed(name, own);
  return settings && { name, ...settings };
}

/** Levers that use what pins say. */
const contentLevers: ReadonlySet<string> = new Set(['virtualWeight', 'fadeSaves']);

/** Why a setting cannot be measured on splits of saves: it would silently do nothing. Undefined if it can. */
export function contentFaultOf(param: string, value: unknown): string | undefined {
  if (!contentLevers.has(param) || value === 0) return undefined;
  return 'needs what pins say, and a split has saves alone: leave it out (docs/cold-start.md measures it)';
}

/**
 * Throws `invalid-parameter` for settings whose effect a split of saves does not show. Default values pass:
 * resolved settings name every lever.
 */
export function assertMeasurable({ params }: { readonly params?: Params }): void {
  if (params?.['virtualWeight'] === 0) return;
  for (const [param, value] of Object.entries(params ?? {})) {
    if (contentLevers.has(param) && value === leverSpecs[param as keyof typeof leverSpecs].default) continue;
    const fault = contentFaultOf(param, value);
    if (fault !== undefined) throw new EngineError('invalid-parameter', param, `${param}: ${fault}`);
  }
}
