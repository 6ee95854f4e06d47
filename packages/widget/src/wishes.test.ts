import { expect } from '@open-wc/testing';
import { herePath } from './interruption.ts';
import { parseWay } from './wishes.ts';

const address = location.href;
const placeAt = (path: string): string => {
  history.replaceState(null, '', path);
  return parseWay({}, herePath()).returnPath;
};

describe('where a redirect comes back to', () => {
  afterEach(() => history.replaceState(null, '', address));

  it('is the attribute’s path', () => {
    expect(parseWay({ returnPath: '/settings' }, '/shop').returnPath).to.equal('/settings');
  });

  const long = `/shop?q=${'x'.repeat(2000)}`;
  for (const [page, place] of [
    ['/shop?q=a%20b&flag#part', '/shop?q=a%20b&flag#part'],
    ['/shop?state=CA&q=a%20b#part', '/shop?q=a%20b#part'],
    ['/shop?error=1', '/shop'],
    [long, '/shop'],
  ] as const) {
    it(`is the page itself, as far as an answer can come back to ${page.slice(0, 40)}`, () => {
      expect(placeAt(page)).to.equal(place);
    });
  }
});
