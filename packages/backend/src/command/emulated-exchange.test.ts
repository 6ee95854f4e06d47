import * as emulators from '@calendar-connect/emulators';
import { expect, it } from 'vitest';
import { emulateExchange } from './emulated-exchange.ts';

it('lets whoever reads its note sign in, and share what is there', async () => {
  const { provider, notes, close } = await emulateExchange(emulators);
  try {
    const [, address = '', password = ''] = /sign in as (\S+) with "(.+)"$/.exec(notes[0] ?? '') ?? [];
    const signIn = await provider.passwordSignIn?.();
    const knowledge = { allows: () => false };
    const found = await signIn?.find({ address, approvedHosts: [] }, knowledge);
    if (found?.outcome !== 'found') throw new Error(found?.outcome);
    expect(found.target).toMatchObject({ host: 'mail.corp.example', namedBy: 'discovered', vouchedBy: 'domain' });
    const request = { address, userName: address, password, approvedHosts: [], target: found.target };
    const signedIn = await signIn?.signIn(request, knowledge);
    if (signedIn?.outcome !== 'connected') throw new Error(signedIn?.outcome);
    expect(signedIn.identity).toMatchObject({ subject: address, email: address });
    const reader = await provider.calendar();
    expect(await reader.listCalendars(signedIn.credential, 'full')).toMatchObject({ outcome: 'ok' });
  } finally {
    await close();
  }
});
