import { InvalidArgumentError, Option } from 'commander';
import {
  type ContentBuildParams,
  EngineError,
  type LinearBuildParams,
  contentBuildParams,
  linearBuildParams,
  resolveParams,
} from '../../../engine/index.ts';
import { jsonObject } from './options.ts';

/** `--linear [JSON]`: the build parameters of item weights; without a value, the defaults. */
export function linearOption(about: string): Option {
  return new Option('--linear [json]', `${about}: {"ridge": 200} (docs/linear.md)`)
    .argParser((text): LinearBuildParams => checked(() => resolveParams(linearBuildParams, jsonObject(text))))
    .preset('{}');
}

/** `--content [JSON]`: how a build compares texts of pins; without a value, by the defaults. */
export function contentOption(about: string): Option {
  return new Option('--content [json]', `${about}: {"prior": 1} (docs/content.md)`)
    .argParser((text): ContentBuildParams =>
      checked(() => resolveParams(contentBuildParams, jsonObject(text))),
    )
    .preset('{}');
}

function checked<Params>(resolve: () => Params): Params {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof EngineError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}
