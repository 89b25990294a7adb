export { type Bar, barPlot } from './bar-plot.ts';
export { type ClassCurve, classCurvesPlot } from './class-curves.ts';
export { type Curve, type CurvesOptions, curvesDrawing } from './curves.ts';
export { type HeatMap, heatMap } from './heat-map.ts';
export { type Estimate, intervalPlot } from './interval-plot.ts';
export { type TradeOff, paretoFront, tradeOffPlot } from './trade-off-plot.ts';
