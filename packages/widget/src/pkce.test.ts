import { expect } from '@open-wc/testing';
import { challengeOf, createPkce } from './pkce.ts';

describe('PKCE', () => {
  /** @see [RFC 7636, appendix B](https://www.rfc-editor.org/rfc/rfc7636#appendix-B) */
  it('makes the challenge of the example in RFC 7636', async () => {
    expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).to.equal('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('makes another verifier of 43 characters every time', async () => {
    const [one, two] = [await createPkce(), await createPkce()];
    expect(one.verifier)
      .to.match(/^[\w-]{43}$/)
      .and.not.to.equal(two.verifier);
    expect(one.challenge).to.equal(await challengeOf(one.verifier));
  });
});
