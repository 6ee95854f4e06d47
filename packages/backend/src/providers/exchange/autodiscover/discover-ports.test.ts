import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Conversations } from '../../../outbound/conversation.ts';
import { createSchemeMemory } from '../log-in/choose-scheme.ts';
import { scriptedExchange } from '../scripted-exchange.contract.ts';
import { createInternet } from '../scripted-internet.contract.ts';
import { discoveryParts, findServer } from '../sign-in/find.ts';
import { leadingTo } from './discover-table.contract.ts';

const PORT = ':8443';
const AUTODISCOVER = `mail.corp.example${PORT}`;
const NOTHING_KNOWN = { allows: () => false };

/** Conversations of an operator who allows another port, at which the same listens as at 443. */
function withPort(conversations: Conversations): Conversations {
  return {
    ...conversations,
    open: async (url, init) => {
      const { href, origin } = new URL(url);
      const conversation = await conversations.open(href.replace(PORT, ''), init);
      return {
        origin,
        open: conversation.open,
        serverEndPoint: conversation.serverEndPoint,
        fetch: (path, more) => conversation.fetch(path, more),
        close: () => conversation.close(),
      };
    },
  };
}

it('remembers between two steps that Autodiscover offered NTLM, also at another port: Basic there gets no password', async () => {
  const { conversations, resolveServices } = await createInternet({
    'autodiscover.corp.example': { https: leadingTo(`https://${AUTODISCOVER}/autodiscover/autodiscover.xml`) },
    'mail.corp.example': { https: scriptedExchange({}) },
  });
  const settings = { conversations: withPort(conversations), resolveServices, now: Date.now, randomBytes };
  const hints = { address: 'ann@corp.example', serverAddress: undefined, approvedHosts: [] };
  const found = await findServer({ ...settings, schemes: createSchemeMemory() }, hints, NOTHING_KNOWN);
  expect(found).toMatchObject({ outcome: 'found', target: { host: AUTODISCOVER, ewsUrl: undefined, offersNtlm: true } });
  if (found.outcome !== 'found') return;
  // The step after it may come to another process, whose memory is empty.
  expect(discoveryParts(settings, NOTHING_KNOWN, found.target).schemes.offersNtlm(AUTODISCOVER)).toBe(true);
});
