export { ImagesToggle } from './images-toggle.tsx';
export { ReasonLine } from './reason-line.tsx';
export { RecommendedCards } from './recommended-cards.tsx';
export { ScoreBar } from './score-bar.tsx';
export { Tile, isOwn, safeImageUrl } from './tile.tsx';
export { cardFields, useRanked } from './use-ranked.ts';
