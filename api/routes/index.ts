import type { Route } from '../http/index.ts';
import type { Service } from '../service.ts';
import { healthRoutes } from './health.ts';
import { metricsRoutes } from './metrics.ts';
import { recommendationRoutes } from './recommendations.ts';

/** Every call of the API. */
export function allRoutes(service: Service): Route[] {
  return [...recommendationRoutes(service), ...healthRoutes(service), ...metricsRoutes(service)];
}
