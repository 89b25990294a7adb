import { createHmac, timingSafeEqual } from 'node:crypto';

/** The purpose of a signed link: a link for one purpose is invalid for another. */
export type LinkPurpose = 'unsubscribe' | 'click' | 'open';

/** 128 bits. */
const signatureLength = 22;

/** A token that only a holder of the secret can make: an id and the HMAC-SHA256 of purpose and id. It names nobody. */
export function signLink(secret: Uint8Array, purpose: LinkPurpose, id: string): string {
  const signature = createHmac('sha256', secret).update(`${purpose}\0${id}`).digest('base64url');
  return `${id}.${signature.slice(0, signatureLength)}`;
}

/** The id of a token; undefined unless {@link signLink} made it with this secret for this purpose. */
export function verifyLink(secret: Uint8Array, purpose: LinkPurpose, token: string): string | undefined {
  const id = token.slice(0, token.lastIndexOf('.'));
  const [given, expected] = [Buffer.from(token), Buffer.from(signLink(secret, purpose, id))];
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : undefined;
}
