export { CardGrid } from './card-grid.tsx';
export { ReasonLine } from './reason-line.tsx';
export { RecommendedCards, cardFields } from './recommended-cards.tsx';
export { ThingCard } from './thing-card.tsx';
export { Tile, isOwn, safeImageUrl } from './tile.tsx';
export { ImagesOffer, Trouble } from './trouble.tsx';
