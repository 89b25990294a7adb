export { type ContentLinks, PinLists, contentLinks, linkWeights, linksBySource } from './content-links.ts';
export { type ContentBuildParams, contentBuildParams, sizedNeighbors } from './content-params.ts';
export { areLinksFull, createLiveLinks, putLinks, removeLinks } from './live-links.ts';
export { nearOf } from './near-of.ts';
export { type PinContent, type WordList, wordAt } from './pin-content.ts';
export { colorPictureSize, pictureColors } from './picture-colors.ts';
export { groupPictures, pictureHash, pictureSize } from './picture-hash.ts';
export { withStandIns } from './stand-ins.ts';
export { type VirtualSavesParams, VirtualSaves, virtualSavesParams } from './virtual-saves.ts';
