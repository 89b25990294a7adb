import type { Route } from '../http/index.ts';
import type { Service } from '../service.ts';
import { healthRoutes } from './health.ts';
import { jobRoutes } from './jobs.ts';
import { recommendationRoutes } from './recommendations.ts';
import { snapshotRoutes } from './snapshots.ts';

/** Every call of the API. */
export function allRoutes(service: Service): Route[] {
  return [
    ...recommendationRoutes(service),
    ...snapshotRoutes(service),
    ...jobRoutes(service),
    ...healthRoutes(service),
  ];
}
