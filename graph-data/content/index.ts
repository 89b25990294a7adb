/**
 * What pins say. `pinTextReader(database)(pin)` reads the texts of one pin, by its index; `eachPinText` reads
 * many in the order of their indexes. `termsOf` gives the words of such a text as they are compared, and `tokenize` of the engine those
 * of any text, such as a query or the title of a board.
 *
 * A snapshot that was built with content (`build --content`) has it loaded as `snapshot.content`, a `PinContent`: TF-IDF `rows`
 * by pin, whose columns are `words` (`wordAt`), and the nearest pins of those with few saves. `lsa(content.rows, dims, seed)`
 * makes dense vectors of the rows. Vectors from elsewhere are read by `readVectors` of pin-vectors.ts, all of a name, and by
 * `pinVectorReader`, of one pin; `nearestTo` of the engine searches them. Without a snapshot, `TermCounter` makes rows of any documents.
 */
export { computeContent } from './compute-content.ts';
export { LiveContent } from './live-content.ts';
export { type PinText, eachPinText, pinTextReader, termsOf, wholeTags } from './pin-text.ts';
export { pinVectorReader, readVectors } from './pin-vectors.ts';
export { type PinsSaid, readContent } from './read-content.ts';
