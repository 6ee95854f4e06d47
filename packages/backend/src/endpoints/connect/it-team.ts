import type { Handler } from 'hono';
import { ACCESS_MODES } from '@calendar-connect/protocol';
import type { Backend } from '../../backend.ts';
import { exchangeItTeamPage } from '../../pages/exchange-it-team-page.ts';
import { answerPage } from '../../pages/page.ts';

/** What the page for IT teams needs. */
export type ItTeamDeps = Pick<Backend, 'publicUrl' | 'providers' | 'egressAddresses'>;

/** `GET /connect/it-team/exchange`: what the IT team of an organisation has to open, and why. For everybody, and the same for all. */
export function itTeam({ publicUrl, providers, egressAddresses }: ItTeamDeps): Handler {
  return async function itTeam(c) {
    const offered = [...providers.values()].filter((provider) => provider.passwordSignIn !== undefined);
    const accessModes = ACCESS_MODES.filter((mode) => offered.some(({ modes }) => modes[mode] !== undefined));
    const response = await answerPage(c, exchangeItTeamPage({ service: new URL(publicUrl.issuer).host, egressAddresses, accessModes }));
    // There is nothing of anybody's on it. A nonce that is kept with the page lets nothing in: the page has no place for another's text.
    response.headers.set('Cache-Control', 'public, max-age=600');
    response.headers.set('Referrer-Policy', 'no-referrer');
    return response;
  };
}

/** Where that page is. */
export function itTeamAddress({ publicUrl }: Pick<Backend, 'publicUrl'>): string {
  return publicUrl.at('/connect/it-team/exchange');
}
