import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells which key an `authorization` header carries, as its place in the list; undefined for none and a wrong one. */
export type KeyRing = (authorization: string | undefined) => number | undefined;

/**
 * Compares bearer keys in constant time: every key is compared, by digests of one length, so that the time says
 * nothing of how much of a guess was right.
 */
export function keyRing(keys: readonly string[]): KeyRing {
  const known = keys.map(digest);
  return (authorization = '') => {
    const given = digest(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
    const matches = known.map((key) => timingSafeEqual(key, given));
    const place = matches.indexOf(true);
    return place === -1 ? undefined : place;
  };
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
