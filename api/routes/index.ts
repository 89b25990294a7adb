import type { Route } from '../http/index.ts';
import type { Service } from '../service.ts';
import { attributeRoutes } from './attributes.ts';
import { campaignRoutes } from './campaigns.ts';
import { changeRoutes } from './changes.ts';
import { personRoutes } from './person.ts';
import { documentationRoutes } from './documentation.ts';
import { experimentRoutes } from './experiments.ts';
import { graphRoutes } from './graph.ts';
import { healthRoutes } from './health.ts';
import { interestRoutes } from './interests.ts';
import { interactionRoutes } from './interactions.ts';
import { jobRoutes } from './jobs.ts';
import { notificationLinkRoutes } from './notification-links.ts';
import { notificationPlanRoutes } from './notification-plan.ts';
import { notificationReportRoutes } from './notification-report.ts';
import { notificationRoutes } from './notifications.ts';
import { metricsRoutes } from './metrics.ts';
import { modelRoutes } from './models.ts';
import { recommendationRoutes } from './recommendations.ts';
import { reportRoutes } from './reports.ts';
import { saveRoutes } from './saves.ts';
import { searchRoutes } from './search.ts';
import { snapshotRoutes } from './snapshots.ts';
import { nodeRoutes } from './nodes.ts';
import { walkRoutes } from './walk-diagnostics.ts';

/** Every call of the API. */
export function allRoutes(service: Service): Route[] {
  const routes = [
    ...recommendationRoutes(service),
    ...walkRoutes(service),
    ...nodeRoutes(service),
    ...searchRoutes(service),
    ...graphRoutes(service),
    ...snapshotRoutes(service),
    ...modelRoutes(service),
    ...jobRoutes(service),
    ...healthRoutes(service),
    ...metricsRoutes(service),
    ...saveRoutes(service),
    ...attributeRoutes(service),
    ...interestRoutes(service),
    ...interactionRoutes(service),
    ...reportRoutes(service),
    ...experimentRoutes(service),
    ...campaignRoutes(service),
    ...notificationRoutes(service),
    ...notificationPlanRoutes(service),
    ...notificationReportRoutes(service),
    ...notificationLinkRoutes(service),
    ...personRoutes(service),
    ...changeRoutes(service),
  ];
  return [...routes, ...documentationRoutes(routes)];
}
