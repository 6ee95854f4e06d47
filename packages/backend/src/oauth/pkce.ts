import { hash } from 'node:crypto';
import { generateCodeVerifier } from 'oslo/oauth2';

/** 43 characters of base64url: SHA-256 without padding ([RFC 7636 §4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2)). */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** `code-verifier = 43*128unreserved` ([RFC 7636 §4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.1)). */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Tells whether a value can be an S256 challenge. `plain` is accepted from nobody: it protects nothing where the request is seen. */
export function isS256Challenge(value: string): boolean {
  return S256_CHALLENGE.test(value);
}

/** A fresh verifier of 256 random bits, for a trip of our own to a provider. */
export function newCodeVerifier(): string {
  return generateCodeVerifier();
}

/** Tells whether a value can be a PKCE verifier. */
export function isCodeVerifier(value: string): boolean {
  return VERIFIER.test(value);
}

/** The S256 challenge of a verifier. Synchronous, because it stands on the path of every exchange and WebCrypto is several times slower at this size. */
export function challengeOf(verifier: string): string {
  return hash('sha256', verifier, 'base64url');
}
