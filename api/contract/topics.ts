/** The records of a topic: each is the body of a REST call for a single change (docs/kafka.md). */
export const recordRoles = ['saves', 'deletes', 'pins', 'boards', 'users', 'interactions'] as const;
export type RecordRole = (typeof recordRoles)[number];
/** Topics that change the graph. */
export type GraphRole = Exclude<RecordRole, 'interactions'>;

/** The topics to read, by what their records are. */
export type TopicRoles = ReadonlyMap<RecordRole, string>;

/** Names of topics; Kafka allows 249 characters, and a file of rejects has the name within its own. */
export const topicPattern = /^[\w.-]{1,180}$/;

/** Topics such as `saves=app.saves,pins=app.pins`, each with one role; undefined if the text is anything else. */
export function topicRolesOf(text: string): TopicRoles | undefined {
  const topics = new Map<RecordRole, string>();
  for (const entry of text.split(',')) {
    const [role = '', topic = '', ...more] = entry.split('=').map((part) => part.trim());
    const isValid = isRole(role) && topicPattern.test(topic) && more.length === 0;
    if (!isValid || topics.has(role) || [...topics.values()].includes(topic)) return undefined;
    topics.set(role, topic);
  }
  return topics;
}

function isRole(text: string): text is RecordRole {
  return (recordRoles as readonly string[]).includes(text);
}
