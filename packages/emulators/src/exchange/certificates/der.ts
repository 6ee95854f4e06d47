/** What certificates are written in: tag, length, value. [X.690 §8](https://www.itu.int/rec/T-REC-X.690) */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

/** Writes a `SEQUENCE`. */
export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return der(0x30, ...contents);
}

/** Writes an `OBJECT IDENTIFIER` of its dotted form. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Writes an `INTEGER` of its bytes, which are never negative here. */
export function integer(bytes: Uint8Array): Buffer {
  // As short as it can be, with a zero before what would read as negative.
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  return der(0x02, Buffer.from(((digits[0] ?? 0) & 0x80) === 0 ? digits : [0, ...digits]));
}

/** Writes a `BIT STRING` of whole bytes. */
export function bitString(bytes: Uint8Array): Buffer {
  return der(0x03, Buffer.from([0]), bytes);
}

/** Writes a `UTCTime`. */
export function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

/** Writes a `UTF8String`. */
export function utf8(text: string): Buffer {
  return der(0x0c, Buffer.from(text));
}

function base128(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [...base128(Math.floor(value / 0x80)).map((byte) => byte | 0x80), low];
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
