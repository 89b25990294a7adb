export { DeliveryLoop } from './delivery-loop.ts';
