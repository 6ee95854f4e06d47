import { expect } from '@open-wc/testing';
import { storages } from './interruption.ts';
import { createSessionKeeper, type KeptSession } from './session-storage.ts';

function session(id: string, expiresAtMs = Date.now() + 60_000): KeptSession {
  const offer = { application: { client_id: 'app_1', name: 'Acme' }, scope: '', providers: [] };
  return { minted: { id, secret: 's', expires_in: 60, state: 'created', version: 1, offer }, verifier: 'v', expiresAtMs };
}

const keeperOf = (clientId: string, places = storages()) => createSessionKeeper({ clientId, storages: places });

describe('sessions in the tab', () => {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });

  it('are kept until they are forgotten', () => {
    const keeper = keeperOf('app_1');
    keeper.keep(session('ses_1'));
    const recalled = keeperOf('app_1').recall('ses_1')!;
    expect([recalled.minted.id, recalled.minted.secret, recalled.verifier]).to.deep.equal(['ses_1', 's', 'v']);
    expect(keeperOf('app_2').recall('ses_1')).to.equal(undefined);
    keeper.forget('ses_1');
    expect(sessionStorage).to.have.length(0);
  });

  it('go when they have expired, with the next one', () => {
    const keeper = keeperOf('app_1');
    keeper.keep(session('ses_old', Date.now() - 1));
    keeper.keep(session('ses_new'));
    expect(Object.keys(sessionStorage)).to.deep.equal(['calendar-connect:app_1:ses_new']);
  });

  it('are not believed where something else stands in their place', () => {
    const keeper = keeperOf('app_1');
    for (const value of ['', 'nonsense', 'null', '[]', '{"minted":{}}', '{"minted":null,"verifier":"v","expiresAtMs":9e15}']) {
      sessionStorage.setItem('calendar-connect:app_1:ses_1', value);
      expect(keeper.recall('ses_1'), value).to.equal(undefined);
    }
  });

  it('live in memory only where the tab keeps nothing', () => {
    const keeper = keeperOf('app_1', []);
    expect([keeper.keep(session('ses_1')), keeper.lasts()]).to.deep.equal([false, false]);
    const full = {
      getItem: () => null,
      removeItem: () => undefined,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    } as unknown as Storage;
    const blocked = keeperOf('app_1', [full, full]);
    expect([blocked.keep(session('ses_1')), blocked.lasts()]).to.deep.equal([false, false]);
  });

  it('remember where the person was sent, in names that another release reads too', () => {
    const keeper = keeperOf('app_1');
    const pending = { place: 'app_1 0', provider: 'google', access_mode: 'full', partner_minted: false } as const;
    expect([keeper.keep({ ...session('ses_1'), state: 's', pending }), keeper.lasts()]).to.deep.equal([true, true]);
    expect(keeper.recall('ses_1')).to.deep.include({ state: 's', pending });
    expect(JSON.parse(sessionStorage.getItem('calendar-connect:app_1:ses_1')!)).to.deep.include({ pending });
  });
});
