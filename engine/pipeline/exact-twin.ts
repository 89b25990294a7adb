import { type PipelineSettings, resolvePipeline, settingsOf, specsOf } from './pipeline.ts';

/**
 * The settings of `paths` whose scores a walk of single steps samples, levers included: `feed-exact` for `feed`. Undefined for
 * settings that walk further or score visits otherwise.
 */
export function exactTwinOf(settings: PipelineSettings): PipelineSettings | undefined {
  const { algorithm, params } = settingsOf(resolvePipeline(settings));
  const isSampled =
    algorithm === 'pixie' &&
    params['restartProbability'] === 1 &&
    params['lastHop'] === 'spread' &&
    params['stepShares'] === 'power' &&
    params['boost'] === false &&
    params['fadePins'] === 0;
  if (!isSampled) return undefined;
  const shared = Object.entries(params).filter(([name]) => Object.hasOwn(specsOf('paths'), name));
  const x = 1 - Number(params['startWeight']);
  return {
    algorithm: 'paths',
    params: { ...Object.fromEntries(shared), x, y: 1, z: params['popularityDiscount']! },
  };
}
