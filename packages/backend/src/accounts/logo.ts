import { CalendarConnectError } from '../errors.ts';

/** Logos stand in the pages themselves, which load nothing from anywhere. */
const MAX_LOGO_BYTES = 32 * 1024;

/**
 * The kinds of pictures by the bytes they begin with. SVG is not among them: it is a document, which can hold links and scripts.
 *
 * @see [PNG §5.2](https://www.w3.org/TR/png-3/#5PNG-file-signature), [JPEG, T.81 §B.1.1](https://www.w3.org/Graphics/JPEG/itu-t81.pdf),
 * [WebP, RFC 9649 §2.4](https://www.rfc-editor.org/rfc/rfc9649#section-2.4)
 */
const SIGNATURES: readonly { readonly type: string; readonly begins: (bytes: string) => boolean }[] = [
  { type: 'image/png', begins: (bytes) => bytes.startsWith('\x89PNG\r\n\x1a\n') },
  { type: 'image/jpeg', begins: (bytes) => bytes.startsWith('\xff\xd8\xff') },
  { type: 'image/webp', begins: (bytes) => bytes.startsWith('RIFF') && bytes.startsWith('WEBPVP8', 8) },
];

const SIGNATURE_BYTES = 16;

const DATA_ADDRESS = /^data:(image\/[\w.+-]+);base64,([A-Za-z0-9+/]+={0,2})$/;

/**
 * Reads a logo: the bytes of a picture, or a `data:` address that holds them in base64.
 *
 * @returns a `data:` address with the type that the bytes say, whatever the one given said
 * @throws CalendarConnectError `logo_invalid`
 */
export function readLogo(logo: Uint8Array | string): string {
  const bytes = typeof logo === 'string' ? bytesOf(logo) : Buffer.from(logo);
  if (bytes.length > MAX_LOGO_BYTES) throw invalid(`expected at most ${MAX_LOGO_BYTES} bytes, received ${bytes.length}`);
  const beginning = bytes.toString('latin1', 0, SIGNATURE_BYTES);
  const kind = SIGNATURES.find(({ begins }) => begins(beginning));
  if (kind === undefined) throw invalid(`expected a PNG, JPEG or WebP picture, received ${bytes.length} bytes of something else`);
  return `data:${kind.type};base64,${bytes.toString('base64')}`;
}

function bytesOf(address: string): Buffer {
  const [, , base64] = DATA_ADDRESS.exec(address) ?? [];
  if (base64 === undefined) throw invalid('expected data:image/…;base64,… with the bytes of a picture');
  return Buffer.from(base64, 'base64');
}

/** What a kept logo is, such as `image/png, 812 bytes`: its bytes are for pages only. */
export function describeLogo(address: string): string {
  const [, type = 'image', base64 = ''] = DATA_ADDRESS.exec(address) ?? [];
  return `${type}, ${Buffer.byteLength(base64, 'base64')} bytes`;
}

function invalid(why: string): CalendarConnectError {
  return new CalendarConnectError('logo_invalid', `logo: ${why}`);
}
