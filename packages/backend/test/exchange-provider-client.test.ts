import { expect, it } from 'vitest';
import { createCalendarConnect, exchange, google, microsoft } from '../src/index.ts';
import { PASSWORD_PROVIDERS } from '../src/providers/password-sign-in.ts';
import { createDatabase } from './support/databases.ts';
import { GOOGLE_CLIENT, KEYS, MICROSOFT_CLIENT } from './support/world.ts';

const PROVIDERS = [google(GOOGLE_CLIENT), microsoft(MICROSOFT_CLIENT), exchange()];

it('has no client of an application’s own where people sign in with their password, and the admin API says which providers take one', async () => {
  const database = await createDatabase();
  const connect = await createCalendarConnect({
    publicUrl: 'https://connect.partner.example',
    database: database.open(),
    keys: KEYS,
    providers: PROVIDERS,
    log: () => undefined,
    adminKey: 'an-admin-key-of-visible-characters',
  });
  const { application } = await connect.applications.create({ name: 'Planner', redirectUris: [], origins: ['https://a.example'] });
  const path = `https://connect.partner.example/admin/applications/${application.id}/provider_clients/exchange`;
  const headers = { authorization: 'Bearer an-admin-key-of-visible-characters', 'content-type': 'application/json' };
  const body = JSON.stringify({ client_id: '1-own', client_secret: 'a-secret' });
  const answer = await connect.app.request(path, { method: 'PUT', headers, body });
  expect([answer.status, await answer.json()]).toEqual([
    422,
    {
      errors: {
        provider: [
          {
            key: 'errors.provider_unknown',
            description:
              'provider: expected one of google, microsoft, received "exchange", which has no clients: people sign in there with their password',
          },
        ],
      },
    },
  ]);
  expect(await connect.applications.providerClients(application.id)).toEqual([]);
  await connect.close();
  await database.drop();
});

it('is refused for exactly those providers that have such a sign-in', () => {
  const withPassword = PROVIDERS.filter((provider) => 'passwordSignIn' in provider).map(({ id }) => id);
  expect(withPassword).toEqual([...PASSWORD_PROVIDERS]);
});
