export { DeliveryLoop } from './delivery-loop.ts';
export { PlanLoop } from './plan-loop.ts';
export { PlanThread } from './plan-thread.ts';
