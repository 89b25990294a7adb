export { ImagesToggle } from './images-toggle.tsx';
export { RankedTable } from './ranked-table.tsx';
export { ReasonLine } from './reason-line.tsx';
export { RecommendedCards } from './recommended-cards.tsx';
export { ScoreBar } from './score-bar.tsx';
export { TableToggle, useIsTable } from './table-toggle.tsx';
export { Tile, isOwn, safeImageUrl } from './tile.tsx';
export { cardFields, useRanked } from './use-ranked.ts';
