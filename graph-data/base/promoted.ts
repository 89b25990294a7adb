/** For the schemas of requests, which every thread loads: graph-data/campaigns waits for the first campaign. */

/** The actions that a campaign is billed for. */
export const billedActions = ['click', 'save'] as const;
export type BilledAction = (typeof billedActions)[number];

/** Characters of the token of a promoted pin: 32 bytes in base64url. */
export const tokenLength = 43;
