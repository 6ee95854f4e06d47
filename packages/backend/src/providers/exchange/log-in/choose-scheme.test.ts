import { expect, it } from 'vitest';
import { type AuthChallenge, readChallenges } from './challenges.ts';
import { chooseScheme, createSchemeMemory, noteOffer, rememberBesides } from './choose-scheme.ts';

const HOST = 'mail.corp.example';
const HOUR = 3600_000;
const offer = (header: string): { challenges: readonly AuthChallenge[]; host: string; secure: boolean } => ({
  challenges: readChallenges(header),
  host: HOST,
  secure: true,
});

it('sends no password in the clear for a day after NTLM was offered last, and does then: the administrator may have changed it', () => {
  let nowMs = 0;
  const memory = createSchemeMemory([], () => nowMs);
  chooseScheme(offer('NTLM'), memory);
  nowMs = 20 * HOUR;
  noteOffer(offer('Negotiate, Basic'), memory);
  nowMs = 44 * HOUR - 1;
  expect(chooseScheme(offer('Basic'), memory)).toEqual({ outcome: 'downgrade_refused' });
  nowMs = 44 * HOUR;
  expect(chooseScheme(offer('Basic'), memory)).toEqual({ outcome: 'chosen', scheme: 'basic' });
});

it('takes an offer of Basic for none of NTLM', () => {
  const memory = createSchemeMemory();
  noteOffer(offer('Basic'), memory);
  expect(chooseScheme(offer('Basic'), memory)).toEqual({ outcome: 'chosen', scheme: 'basic' });
});

it('remembers ten thousand hosts, and forgets first what was offered longest ago', () => {
  const memory = createSchemeMemory();
  for (let n = 0; n < 10_002; n += 1) {
    memory.rememberNtlm(`host-${n}.example`);
    if (n === 5000) memory.rememberNtlm('host-1.example');
  }
  const remembered = ['host-0.example', 'host-1.example', 'host-2.example', 'host-3.example'].filter((host) => memory.offersNtlm(host));
  expect(remembered).toEqual(['host-1.example', 'host-3.example']);
});

it('knows for one person what is known besides, tells others what it sees, and nothing of the rest', () => {
  const shared = createSchemeMemory();
  const own = rememberBesides(shared, [HOST]);
  own.rememberNtlm('other.example');
  expect([own.offersNtlm(HOST), shared.offersNtlm(HOST)]).toEqual([true, false]);
  expect([own.offersNtlm('other.example'), shared.offersNtlm('other.example')]).toEqual([true, true]);
});
