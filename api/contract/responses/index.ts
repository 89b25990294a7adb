/** Response schemas and their types. The browser page imports the types, so nothing here may need Node. */
export * from './campaign-report.ts';
export * from './experiment-report.ts';
export * from './graph.ts';
export * from './interests.ts';
export * from './jobs.ts';
export * from './models.ts';
export * from './nodes.ts';
export * from './notification-plan.ts';
export * from './notification-reports.ts';
export * from './promoted-summary.ts';
export * from './recommendations.ts';
export * from './search.ts';
export * from './snapshots.ts';
export * from './walks.ts';
export * from './writes.ts';
