import { InvalidArgumentError, Option } from 'commander';
import {
  EngineError,
  type LinearBuildParams,
  linearBuildParams,
  resolveParams,
} from '../../../engine/index.ts';
import { jsonObject } from './options.ts';

/** `--linear [JSON]`: the build parameters of item weights; without a value, the defaults. */
export function linearOption(about: string): Option {
  const option = new Option('--linear [json]', `${about}: {"ridge": 200} (docs/linear.md)`).argParser(
    paramsOf,
  );
  return option.preset('{}');
}

function paramsOf(text: string): LinearBuildParams {
  try {
    return resolveParams(linearBuildParams, jsonObject(text));
  } catch (error) {
    if (error instanceof EngineError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}
