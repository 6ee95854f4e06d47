import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { OutboundError } from '../../outbound/outbound-error.ts';
import type { Outbound } from '../../outbound/outbound.ts';

const MAX_KEY_SET_BYTES = 64 * 1024;
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
/** An unknown key id may mean that the provider rotated early; asking more often than this helps nobody. */
const MIN_REFETCH_MS = 60_000;

const KEY_SET = z.object({ keys: z.array(z.unknown()).max(50) });
/** [RFC 7517 §4](https://www.rfc-editor.org/rfc/rfc7517#section-4), for RS256 alone. `issuer` is Microsoft's addition. */
const RSA_KEY = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: z.string().min(342), // 2048 bits
  e: z.string(),
  use: z.literal('sig').optional(),
  alg: z.literal('RS256').optional(),
  issuer: z.string().optional(),
});

/** A key that id tokens are signed with. */
export interface SigningKey {
  readonly spki: Uint8Array;
  /** Whose tokens alone it may sign, where the key set says so. */
  readonly issuer: string | undefined;
}

/** A provider's signing keys. */
export interface SigningKeys {
  find(kid: string): Promise<SigningKey | 'unknown' | 'unavailable'>;
}

interface KeySet {
  readonly keys: ReadonlyMap<string, SigningKey>;
  readonly fetchedAtMs: number;
  readonly freshUntilMs: number;
}

/**
 * The key set at `address`, and at no other: what a token says of where its key lies is not read.
 * It is kept for as long as its `Cache-Control` says, a day at most; simultaneous questions cause one request.
 */
export function createSigningKeys({ outbound, address, now }: { outbound: Outbound; address: string; now: () => number }): SigningKeys {
  let known: KeySet | undefined;
  let underWay: Promise<KeySet | undefined> | undefined;

  async function fetchKeySet(): Promise<KeySet | undefined> {
    const fetchedAtMs = now();
    const response = await outbound.fetch(address, { maxResponseBytes: MAX_KEY_SET_BYTES });
    const keys = response.ok ? parseKeySet(await response.text()) : undefined;
    if (keys !== undefined) known = { keys, fetchedAtMs, freshUntilMs: fetchedAtMs + maxAgeMs(response.headers.get('cache-control')) };
    return keys && known;
  }

  function refetch(): Promise<KeySet | undefined> {
    underWay ??= fetchKeySet()
      .catch(unreachableAsUndefined)
      .finally(() => (underWay = undefined));
    return underWay;
  }

  return {
    async find(kid) {
      const fresh = known !== undefined && now() < known.freshUntilMs ? known : undefined;
      const key = fresh?.keys.get(kid);
      if (key !== undefined) return key;
      if (fresh !== undefined && now() - fresh.fetchedAtMs < MIN_REFETCH_MS) return 'unknown';
      const fetched = await refetch();
      return fetched === undefined ? 'unavailable' : (fetched.keys.get(kid) ?? 'unknown');
    },
  };
}

function unreachableAsUndefined(error: unknown): undefined {
  if (!(error instanceof OutboundError)) throw error;
}

function parseKeySet(text: string): ReadonlyMap<string, SigningKey> | undefined {
  try {
    const found = KEY_SET.parse(JSON.parse(text)).keys.flatMap((entry) => RSA_KEY.safeParse(entry).data ?? []);
    return new Map(
      found.map(({ kid, kty, n, e, issuer }) => [
        kid,
        { spki: createPublicKey({ key: { kty, n, e }, format: 'jwk' }).export({ type: 'spki', format: 'der' }), issuer },
      ]),
    );
  } catch {
    return undefined;
  }
}

/** [RFC 9111 §5.2.2.1](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.1) */
function maxAgeMs(cacheControl: string | null): number {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? 0 : Math.min(Number(seconds) * 1000, MAX_AGE_MS);
}
