import { InvalidArgumentError } from 'commander';
import { type AlgorithmName, type Params, algorithmNames, feedParams } from '../../engine/index.ts';
import { UsageError } from '../options.ts';

/** What `--params` says for an algorithm, by its name or for all of them; nothing said: the feed preset. Throws a `UsageError`. */
export function paramsFor(
  algorithm: AlgorithmName,
  params: Readonly<Record<string, unknown>> | undefined,
): Params {
  if (params === undefined) return feedParams[algorithm];
  const isByAlgorithm = Object.keys(params).some((name) =>
    (algorithmNames as readonly string[]).includes(name),
  );
  if (!isByAlgorithm) return params as Params;
  for (const [name, value] of Object.entries(params)) {
    if (!(algorithmNames as readonly string[]).includes(name)) {
      throw new UsageError(`--params: there is no algorithm ${name}; there are ${algorithmNames.join(', ')}`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsageError(`--params: ${name} needs an object: {"${name}": {"name": value}}`);
    }
  }
  return (params[algorithm] as Params | undefined) ?? feedParams[algorithm];
}

/** The algorithms that an option names: `pixie,paths`. */
export function algorithmList(text: string): AlgorithmName[] {
  const names = text.split(',').map((name) => {
    const known = algorithmNames.find((each) => each === name.trim());
    if (known === undefined) {
      throw new InvalidArgumentError(`There is no "${name}"; there are ${algorithmNames.join(', ')}.`);
    }
    return known;
  });
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is there twice.`);
  return names;
}
