import { type OwnPresets, type PipelineSettings, settingsNamed } from '../../../engine/index.ts';

/** Settings of a pipeline, with a name. */
export interface NamedSettings extends PipelineSettings {
  readonly name: string;
}

/** The settings of an algorithm or preset. */
export function namedSettings(name: string, own?: OwnPresets): NamedSettings | undefined {
  const settings = settingsNamed(name, own);
  return settings && { name, ...settings };
}
