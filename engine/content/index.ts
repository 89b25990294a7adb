export { type ContentLinks, contentLinks } from './content-links.ts';
export { type VirtualSavesParams, VirtualSaves } from './virtual-saves.ts';
