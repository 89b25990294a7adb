/** Why a pin of `whyNot` is missing, or where it is. */
export const absenceCauses = {
  listed: 'it is in the list, at `rank`',
  'beyond-limit': 'its `rank` is beyond `limit`',
  'below-relevance': 'its `score` is below `minRelevance`',
  filtered: 'it fails the filter',
  excluded: '`exclude.pins` names it',
  saved: "the query's users or boards have saved it",
  'in-query': 'the query names it',
  shown: 'an earlier page, or list of the batch, has shown it',
  'not-reached': 'the algorithm did not reach it, though there is a path',
  'no-path': 'it shares no board with the query, nor with a pin near the query',
  unsaved: 'no board of the graph holds it',
  unknown: 'there is no such pin',
} as const;
