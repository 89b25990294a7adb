/** The header with a position of the change log: of a write, of a response, or one that a read has to have reached. */
export const positionHeader = 'Pinwalk-Position';
/** The header with the position of the end of the change log. */
export const newestPositionHeader = 'Pinwalk-Newest-Position';
