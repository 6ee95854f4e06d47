import { describe, expect, it } from 'vitest';
import { describeLogo, readLogo } from './logo.ts';

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100)]);
const JPEG = Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), Buffer.alloc(100)]);
const WEBP = Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBPVP8L', 'latin1'), Buffer.alloc(100)]);

const address = (type: string, bytes: Buffer): string => `data:${type};base64,${bytes.toString('base64')}`;

describe('a logo', () => {
  it.each([
    ['image/png', PNG],
    ['image/jpeg', JPEG],
    ['image/webp', WEBP],
  ])('can be %s, as bytes and as a data: address', (type, bytes) => {
    expect(readLogo(bytes)).toBe(address(type, bytes));
    expect(readLogo(address(type, bytes))).toBe(address(type, bytes));
    expect(describeLogo(readLogo(bytes))).toBe(`${type}, ${bytes.length} bytes`);
  });

  it('is what its bytes say, whatever else is said of it', () => {
    expect(readLogo(address('image/svg+xml', PNG))).toBe(address('image/png', PNG));
  });

  it('has at most 32768 bytes', () => {
    const large = (bytes: number) => Buffer.concat([PNG, Buffer.alloc(bytes - PNG.length)]);
    expect(readLogo(large(32_768))).toMatch(/^data:image\/png/);
    expect(() => readLogo(large(32_769))).toThrow('logo: expected at most 32768 bytes, received 32769');
  });

  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a GIF', Buffer.from('GIF89a')],
    ['a RIFF that is no picture', Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1')],
    ['nothing', Buffer.alloc(0)],
    ['an SVG that says it is a PNG', address('image/png', Buffer.from('<svg onload="alert(1)"/>'))],
    ['an address of a picture elsewhere', 'https://a.example/logo.png'],
    ['text that is no base64', 'data:image/png;base64,"><script>'],
    ['text that is not in base64', 'data:image/png,PNG'],
  ])('is never %s', (_what, logo) => {
    expect(() => readLogo(logo)).toThrow(expect.objectContaining({ code: 'logo_invalid' }));
  });
});
