/** Leaves out the references to characters that XML does not have, such as `&#x1F;`. */
export function withoutForbiddenReferences(document: string): string {
  return document.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (reference, hex: string | undefined, decimal: string | undefined) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return isXmlCharacter(code) ? reference : '';
  });
}

/** [XML 1.0 §2.2](https://www.w3.org/TR/xml/#charsets) */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
