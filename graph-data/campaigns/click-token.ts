import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** Of the id of an impression, and of its signature. */
const [idBytes, signatureBytes] = [16, 16] as const;
/** Characters of a token: both in base64url. */
export const tokenLength = 43;

/** The id of an impression: a list shows a campaign once, so that the same list, asked for again, has the same. */
export function impressionId(recommendationId: string, campaign: number, rank: number): Buffer {
  const content = JSON.stringify([recommendationId, campaign, rank]);
  return hash('sha256', content, 'buffer').subarray(0, idBytes);
}

/** What an application sends back with a click or a save: the id of the impression, signed. It names no person. */
export function signToken(secret: Uint8Array, id: Uint8Array): string {
  return Buffer.concat([id, signatureOf(secret, id)]).toString('base64url');
}

/** The id of a token's impression; undefined for a token that this secret has not signed. */
export function readToken(secret: Uint8Array, token: string): Buffer | undefined {
  if (token.length !== tokenLength) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const [id, signature] = [bytes.subarray(0, idBytes), bytes.subarray(idBytes)];
  if (signature.length !== signatureBytes) return undefined;
  return timingSafeEqual(signature, signatureOf(secret, id)) ? id : undefined;
}

/** What counts clicks of an address: it cannot be turned back into it without the secret. */
export function addressHash(secret: Uint8Array, address: string): Buffer {
  return createHmac('sha256', secret).update(`address ${address}`).digest().subarray(0, signatureBytes);
}

function signatureOf(secret: Uint8Array, id: Uint8Array): Buffer {
  return createHmac('sha256', secret).update('impression ').update(id).digest().subarray(0, signatureBytes);
}
