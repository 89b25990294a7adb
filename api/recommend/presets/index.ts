/** Apart from the rest, which threads that walk load: it brings the schemas of all requests. */
export { PresetCatalog } from './preset-catalog.ts';
