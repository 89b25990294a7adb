export { termsOfClasses } from './class-terms.ts';
export { type LeveledCommunities, type TreeNode, growTree } from './grow-tree.ts';
export { InterestIndex } from './interest-index.ts';
export { type PersonInterest, type PlacedSave, type WalkedPin, personInterests } from './person-interests.ts';
export { tagWeights } from './tag-weights.ts';
export { matchClasses } from './match-trees.ts';
