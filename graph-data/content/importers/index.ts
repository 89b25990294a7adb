/** Apart from the rest, which threads that walk load: they bring all of imports and of writing. */
export { importPictures } from './import-pictures.ts';
export { importVectors } from './import-vectors.ts';
export { nameLanguages } from './name-languages.ts';
