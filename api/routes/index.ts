import type { Route } from '../http/index.ts';
import type { Service } from '../service.ts';
import { documentationRoutes } from './documentation.ts';
import { healthRoutes } from './health.ts';
import { jobRoutes } from './jobs.ts';
import { metricsRoutes } from './metrics.ts';
import { recommendationRoutes } from './recommendations.ts';
import { snapshotRoutes } from './snapshots.ts';

/** Every call of the API. */
export function allRoutes(service: Service): Route[] {
  const routes = [
    ...recommendationRoutes(service),
    ...snapshotRoutes(service),
    ...jobRoutes(service),
    ...healthRoutes(service),
    ...metricsRoutes(service),
  ];
  return [...routes, ...documentationRoutes(routes)];
}
