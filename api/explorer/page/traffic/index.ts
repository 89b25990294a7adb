export { readPrometheus } from './prometheus.ts';
export { type RouteFigures, type TrafficPoint, routesOf } from './traffic.ts';
export { TrafficHistory, type TrafficSpan, trafficSpans } from './traffic-history.ts';
