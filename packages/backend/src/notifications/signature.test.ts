import { describe, expect, it } from 'vitest';
import { signatureOf } from './signature.ts';

const BODY = '{"example":"well-known"}';

/** As the tests of the public Cronofy SDKs for Ruby and C# have them. */
const VECTORS = [
  ['pDY0Oi7TJSP2hfNmZNkm5', '6r2/HjBkqymGegX0wOfifieeUXbbHwtV/LohHS+jv6c='],
  ['CRN_NggYusqPGLxwjw5FHOJYOqSrTPNXy8WQf14OID', '5DxentQi5YSXODEzTVv06sRwJ3pULIz1KrYv20qxEK0='],
  ['CRN_nGlYDFXwfSXgB9rvGNBJyfE454GGPtWIbNuPwr', 'BmQmWVuZ70ILWjr1CAt5oC7YOolgnku4WZtlrKfx/6k='],
] as const;

describe('the signature of a notification', () => {
  it.each(VECTORS)('under %s is what the public SDKs expect', (secret, signature) => {
    expect(signatureOf(BODY, [secret])).toBe(signature);
  });

  it('under several secrets has commas and no blanks between them', () => {
    const secrets = VECTORS.map(([secret]) => secret);
    expect(signatureOf(BODY, secrets)).toBe(VECTORS.map(([, signature]) => signature).join(','));
  });

  it('is of the bytes that are sent: UTF-8', () => {
    expect(signatureOf('{"name":"Zoë"}', ['secret'])).toBe('6JCfkJto3DR3cmP9PVJwFUWl8Q62vdyamWzVgPjklCo=');
  });
});
