import { expect } from '@open-wc/testing';
import { onInterruption, type Interruption, STATE_PREFIX, STORAGE_PREFIX, takeAnswer } from './interruption.ts';

const BACKEND = new URL('https://connect.example/base/');
const ISS = 'https://connect.example/base';
const STATE = `${STATE_PREFIX}1`;

const address = location.href;
const at = (path: string): void => history.replaceState({ of: 'the page' }, '', path);
const here = (): string => location.pathname + location.search + location.hash;

function findInterruption(element: { place: string; backend: URL }): Interruption | undefined {
  let found: Interruption | undefined;
  onInterruption(element, (interruption) => (found = interruption));
  return found;
}

function keep(id: string, kept: object): void {
  sessionStorage.setItem(`${STORAGE_PREFIX}app:${id}`, JSON.stringify({ minted: { id }, ...kept }));
}

beforeEach(() => sessionStorage.clear());
afterEach(() => {
  // Nothing is carried from one test into the next.
  findInterruption({ place: 'nowhere', backend: BACKEND });
  history.replaceState(null, '', address);
  sessionStorage.clear();
});

describe('the answer in the address', () => {
  const answer = `code=c&state=${STATE}&iss=${encodeURIComponent(ISS)}`;
  const cases: [string, string][] = [
    [`/a?${answer}`, '/a'],
    [`/a?${answer}#`, '/a'],
    [`/a?${answer}#b?c=d`, '/a#b?c=d'],
    [`/a?x=%20y+z&flag&${answer}#b`, '/a?x=%20y+z&flag#b'],
    [`/a?${answer}&added=by-somebody#b`, '/a?added=by-somebody#b'],
    [`/a?error=access_denied&error_description=no&state=${STATE}&iss=${encodeURIComponent(ISS)}`, '/a'],
    [`/a?code=theirs&state=theirs`, '/a?code=theirs&state=theirs'],
    [`/a?mystate=${STATE}&code=theirs`, `/a?mystate=${STATE}&code=theirs`],
  ];
  for (const [before, after] of cases) {
    it(`leaves ${after} of ${before}`, () => {
      at(before);
      takeAnswer();
      expect(here()).to.equal(after);
      expect(history.state).to.deep.equal({ of: 'the page' });
    });
  }
});

describe('what was interrupted', () => {
  it('is nothing where nobody was sent anywhere', () => {
    keep('ses_1', {});
    sessionStorage.setItem('of the page', '{}');
    expect(findInterruption({ place: 'app 0', backend: BACKEND })).to.equal(undefined);
  });

  it('is the session of the element at the same place', () => {
    keep('ses_1', { pending: { place: 'app 0' } });
    keep('ses_2', { pending: { place: 'app 1' } });
    expect(findInterruption({ place: 'app 1', backend: BACKEND })).to.deep.equal({ id: 'ses_2', answer: undefined });
  });

  it('has the answer with the state that was kept, for the element that set out and for no other, once', () => {
    keep('ses_1', { pending: { place: 'app 0' }, state: `${STATE_PREFIX}0` });
    keep('ses_2', { pending: { place: 'app 1' }, state: STATE });
    at(`/?code=c&state=${STATE}&iss=${ISS}`);
    takeAnswer();
    expect(findInterruption({ place: 'app 0', backend: BACKEND })).to.deep.equal({ id: 'ses_1', answer: undefined });
    expect(findInterruption({ place: 'app 1', backend: BACKEND })).to.deep.equal({
      id: 'ses_2',
      answer: { state: STATE, iss: ISS, code: 'c' },
    });
    expect(findInterruption({ place: 'app 1', backend: BACKEND })).to.deep.equal({ id: 'ses_2', answer: undefined });
  });

  it('has an answer that this tab knows nothing of, for an element with its backend', () => {
    at(`/?error=access_denied&state=${STATE}&iss=${ISS}`);
    takeAnswer();
    expect(findInterruption({ place: 'app 0', backend: new URL('https://other.example/') })).to.equal(undefined);
    expect(findInterruption({ place: 'app 0', backend: BACKEND })).to.deep.equal({
      id: undefined,
      answer: { state: STATE, iss: ISS, code: null },
    });
  });

  it('has an answer without its session where the element that set out is not there after three seconds', async () => {
    keep('ses_1', { pending: { place: 'app gone' }, state: STATE });
    at(`/?code=c&state=${STATE}&iss=${ISS}`);
    takeAnswer();
    const found: Interruption[] = [];
    for (const place of ['app 0', 'app 1']) onInterruption({ place, backend: BACKEND }, (interruption) => found.push(interruption));
    expect(found).to.be.empty;
    await new Promise((resolve) => setTimeout(resolve, 3100));
    expect(found).to.deep.equal([{ id: undefined, answer: { state: STATE, iss: ISS, code: 'c' } }]);
  });

  it('is nothing where somebody else wrote into our place', () => {
    for (const value of ['', 'nonsense', 'null', '{"pending":{"place":"app 0"}}']) {
      sessionStorage.setItem(`${STORAGE_PREFIX}app:x`, value);
      expect(findInterruption({ place: 'app 0', backend: BACKEND }), value).to.equal(undefined);
    }
    // It hides none of ours.
    sessionStorage.setItem(`${STORAGE_PREFIX}app:a`, 'nonsense');
    keep('ses_1', { pending: { place: 'app 0' } });
    expect(findInterruption({ place: 'app 0', backend: BACKEND })?.id).to.equal('ses_1');
  });
});
