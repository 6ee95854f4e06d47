import { describe, expect, it } from 'vitest';
import { verifyNotification } from './verify-notification.ts';

const BODY = '{"example":"well-known"}';

/** As the tests of the public Cronofy SDKs for Ruby and C# have them. */
const VECTORS = [
  ['pDY0Oi7TJSP2hfNmZNkm5', '6r2/HjBkqymGegX0wOfifieeUXbbHwtV/LohHS+jv6c='],
  ['CRN_NggYusqPGLxwjw5FHOJYOqSrTPNXy8WQf14OID', '5DxentQi5YSXODEzTVv06sRwJ3pULIz1KrYv20qxEK0='],
  ['CRN_nGlYDFXwfSXgB9rvGNBJyfE454GGPtWIbNuPwr', 'BmQmWVuZ70ILWjr1CAt5oC7YOolgnku4WZtlrKfx/6k='],
] as const;
const [[SECRET, SIGNATURE], [NEXT_SECRET, NEXT_SIGNATURE]] = VECTORS;

const verify = (changes: Partial<Parameters<typeof verifyNotification>[0]> = {}) =>
  verifyNotification({ body: BODY, signature: SIGNATURE, clientSecrets: [SECRET], ...changes });

describe('a notification', () => {
  it.each(VECTORS)('signed with %s is genuine', async (secret, signature) => {
    expect(await verify({ clientSecrets: [secret], signature })).toBe(true);
  });

  it('may be text or bytes, of any kind', async () => {
    const bytes = new TextEncoder().encode(BODY);
    for (const body of [BODY, bytes, bytes.buffer, Buffer.from(BODY), new Uint8Array([0, ...bytes, 0]).subarray(1, -1)]) {
      expect(await verify({ body })).toBe(true);
    }
  });

  it('is genuine while secrets change, on either side', async () => {
    expect(await verify({ signature: `${NEXT_SIGNATURE},${SIGNATURE}` })).toBe(true);
    expect(await verify({ signature: `${NEXT_SIGNATURE}, ${SIGNATURE}` })).toBe(true);
    expect(await verify({ clientSecrets: [NEXT_SECRET, SECRET] })).toBe(true);
    expect(await verify({ clientSecrets: [NEXT_SECRET] })).toBe(false);
  });

  it.each([
    ['another body', { body: `${BODY}\n` }],
    ['no body', { body: '' }],
    ['no header', { signature: null }],
    ['no header, as Node has it', { signature: undefined }],
    ['an empty header', { signature: '' }],
    ['commas', { signature: ',,,' }],
    ['part of a signature', { signature: SIGNATURE.slice(0, -1) }],
    ['a signature and more', { signature: `${SIGNATURE}=` }],
    ['its characters in another case', { signature: SIGNATURE.toLowerCase() }],
    ['no base64', { signature: '\u0000\ud800 %%% é'.repeat(1000) }],
    ['another’s signature', { signature: NEXT_SIGNATURE }],
  ])('with %s is not', async (_what, changes) => {
    expect(await verify(changes)).toBe(false);
  });

  it.each([
    ['no header that is text', { signature: { toString: 1 } }],
    ['a list of headers without the right one', { signature: [NEXT_SIGNATURE, 1] }],
  ])('with %s throws nothing either', async (_what, changes) => {
    expect(await verify(changes as object)).toBe(false);
  });
});

describe('what only a mistake on your own server makes', () => {
  it.each([
    [{ clientSecrets: [] }, 'clientSecrets: expected at least one client secret, and none that is empty'],
    [{ clientSecrets: [''] }, 'clientSecrets: expected at least one client secret, and none that is empty'],
    [{ clientSecrets: [undefined] }, 'clientSecrets: expected at least one client secret, and none that is empty'],
    [{ body: { parsed: true } }, 'body: expected the raw body, as bytes or text, received object'],
    [{ body: null }, 'body: expected the raw body, as bytes or text, received null'],
  ])('is told: %j', async (changes, message) => {
    await expect(verify(changes as object)).rejects.toMatchObject({ code: 'option_invalid', message });
  });
});
