/** Boards of one query pin that are considered. */
export const queryBoardsMax = 10_000;

/** Boards of one recommended pin that are looked up among the boards of the query. */
export const lookupsMax = 2_048;

/** Shared boards whose sizes are compared to name the smallest: each comparison waits for memory. */
export const comparedMax = 32;
