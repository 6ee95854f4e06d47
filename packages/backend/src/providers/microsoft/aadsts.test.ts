import { AADSTS_CODES, type RunningMicrosoftEmulator } from '@calendar-connect/emulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallbackReading, Credential, ExchangeOutcome, OAuthConnect } from '../provider.ts';
import { ERROR_KINDS } from './aadsts-kinds.ts';
import { AADSTS } from './aadsts.ts';
import { ATTEMPT, CLIENT, LEA, microsoftAt, signIn, startEmulator } from './microsoft-people.contract.ts';

/** What each code has to come to: at the callback, in place of the tokens of a code, and in place of those of a refresh. */
const EXPECTED: readonly (readonly [codes: readonly number[], callback: object, exchange: object, refresh: object])[] = [
  [[65001, 90094, 90095], { outcome: 'admin_approval_needed' }, { outcome: 'admin_approval_needed' }, { outcome: 'interaction_required' }],
  [[90097], { outcome: 'admin_approval_needed' }, { outcome: 'admin_approval_needed' }, { outcome: 'unavailable' }],
  [[65004], { outcome: 'declined' }, failed('provider_refused'), { outcome: 'rejected' }],
  [
    [16000, 50058, 50076, 50078, 50079, 50158, 53004],
    { outcome: 'interaction_required' },
    failed('sign_in_required'),
    { outcome: 'interaction_required' },
  ],
  [
    [53000, 53001, 53002, 53003, 530032, 50105, 7000112, 650052],
    failed('admin_policy_enforced'),
    failed('admin_policy_enforced'),
    { outcome: 'interaction_required' },
  ],
  [[50053, 50055, 50057, 50126], failed('sign_in_required'), failed('sign_in_required'), { outcome: 'interaction_required' }],
  [[90072, 500208], failed('wrong_account'), failed('wrong_account'), { outcome: 'interaction_required' }],
  [[50020, 50034, 51004], failed('wrong_account'), failed('wrong_account'), { outcome: 'rejected' }],
  [
    [50089, 50132, 50133, 50173, 70000, 70008, 70043, 700082, 700084, 54005, 501481],
    failed('provider_refused'),
    failed('provider_refused'),
    { outcome: 'rejected' },
  ],
  [[9002313], failed('provider_misconfigured'), failed('provider_refused'), { outcome: 'rejected' }],
  [
    // Our client.
    [7000215, 7000218, 7000222, 700027, 70001, 700011, 700016, 50194, 90124, 90130, 9002331, 9002332, 50011, 500112, 900971]
      .concat([500011, 650053, 650054, 650056, 650057])
      // Our request.
      .concat([28000, 28002, 28003, 50147, 501491, 700005, 70003, 70005, 70007, 70011, 700022, 90002, 90014, 90023, 900023, 900144])
      .concat([900561, 9001023, 9002326, 1002012]),
    failed('provider_misconfigured'),
    failed('provider_misconfigured'),
    { outcome: 'unavailable', needsOperator: true },
  ],
  [[50033, 90006, 90024, 90033, 90090], failed('provider_unavailable'), failed('provider_unavailable'), { outcome: 'unavailable' }],
  [[50196], failed('provider_unavailable'), failed('provider_unavailable'), { outcome: 'unavailable', retryAfterMs: 600_000 }],
];

function failed(reason: string): object {
  return { outcome: 'failed', reason };
}

/** Disconnecting somebody and alarming the operator are for those outcomes alone that say so. */
const CASES = EXPECTED.flatMap(([codes, callback, exchange, refresh]) => codes.map((code) => ({ code, callback, exchange, refresh })));

describe('the codes of microsoft', () => {
  let emulator: RunningMicrosoftEmulator;
  let connect: OAuthConnect;
  let code: string;
  let credential: Credential;

  const callback = () => signIn(connect.authorizationUrl(CLIENT, ATTEMPT), { account: LEA });

  async function freshCode(): Promise<string> {
    const reading = connect.readCallback(await callback());
    if (reading.outcome !== 'code') throw new Error(`the callback was read as ${reading.outcome}`);
    return reading.code;
  }

  /** Whatever ends an attempt names the code, and the code has its sentence. */
  function expectExplained(ended: CallbackReading | ExchangeOutcome, number: number): void {
    const name = 'code' in ended ? ended.code : undefined;
    expect(name).toBe(['failed', 'interaction_required'].includes(ended.outcome) ? `AADSTS${number}` : undefined);
    const meaning = AADSTS.get(number);
    expect(connect.explain?.(`AADSTS${number}`)).toBe(meaning?.user ?? ERROR_KINDS[meaning?.kind ?? 'unknown'].user);
  }

  beforeAll(async () => {
    emulator = await startEmulator();
    connect = await microsoftAt(emulator.url).connect();
    const outcome = await connect.exchange(CLIENT, { ...ATTEMPT, code: await freshCode() });
    if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
    credential = outcome.credential;
    // Refused exchanges do not use it up.
    code = await freshCode();
  });
  afterAll(() => emulator.close());

  it('are all known that the emulator has, and all have a test', () => {
    expect([...AADSTS.keys()].toSorted(byNumber)).toEqual([...AADSTS_CODES].toSorted(byNumber));
    expect(CASES.map((one) => one.code).toSorted(byNumber)).toEqual([...AADSTS.keys()].toSorted(byNumber));
  });

  describe.each(CASES)('AADSTS$code', (expected) => {
    it('means what it should at the callback', async () => {
      emulator.control.setFor(LEA, { callbackError: expected.code });
      const reading = connect.readCallback(await callback());
      emulator.control.reset();
      expect(reading).toMatchObject(expected.callback);
      if (reading.outcome !== 'declined')
        expect(reading).toMatchObject({ operatorHint: expect.stringContaining(`AADSTS${expected.code} (`) });
      expectExplained(reading, expected.code);
    });

    it('means what it should in place of the tokens of a code, which is sent once', async () => {
      emulator.control.setFor(LEA, { tokenError: expected.code });
      emulator.control.clearRequests();
      const outcome = await connect.exchange(CLIENT, { ...ATTEMPT, code });
      emulator.control.reset();
      expect(outcome).toMatchObject({ ...expected.exchange, operatorHint: expect.stringContaining(`AADSTS${expected.code} (`) });
      expectExplained(outcome, expected.code);
      expect(emulator.control.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1);
    });

    it('means what it should in place of the tokens of a refresh', async () => {
      emulator.control.addFault({ group: 'token', aadsts: expected.code, times: 1 });
      const outcome = await connect.refresh(CLIENT, credential);
      expect(outcome).toMatchObject({ ...expected.refresh, operatorHint: expect.stringContaining(`AADSTS${expected.code} (`) });
      expect('needsOperator' in outcome).toBe('needsOperator' in expected.refresh);
    });
  });

  it('leave a connection that can be refreshed when they have passed', async () => {
    expect(await connect.refresh(CLIENT, credential)).toMatchObject({ outcome: 'refreshed' });
  });

  it('have one sentence each for the person and for the operator', () => {
    for (const { kind, operator, user = ERROR_KINDS[kind].user } of AADSTS.values()) {
      // What to do is said beside it, by the failure reason.
      expect(user).toMatch(/^[A-Z][^.;]*\.$/);
      expect(user).not.toMatch(/again, |try |choose /i);
      expect(operator).toMatch(/^[^.]+[^.](?:\.default)?$/);
    }
  });

  it('stand in the documentation as they are (`vitest -u` writes them anew)', async () => {
    await expect(documentation()).toMatchFileSnapshot('../../../docs/aadsts.md');
  });
});

function byNumber(one: number, other: number): number {
  return one - other;
}

function documentation(): string {
  const rows = [...AADSTS].map(([code, { kind, operator, user }]) => {
    const { callback, exchange, refresh, user: usual, action } = ERROR_KINDS[kind];
    const session = callback === exchange ? `\`${callback}\`` : `\`${callback}\`, at the exchange \`${exchange}\``;
    return `| ${code} | ${session} | \`${refresh}\` | ${user ?? usual} | ${operator} | ${action} |`;
  });
  return `${INTRODUCTION}\n${rows.join('\n')}\n`;
}

const INTRODUCTION = `# Microsoft's error codes

What each AADSTS code means to a session (a failure reason, or the state it goes to) and to a connection (when its token is refreshed), what the person is to know, what the operator reads in the log, and who can do something: \`retry\`, it passes; \`reconnect\`, the person goes to Microsoft again; \`operator\`, you mend it.

- A code is read as a whole number, from \`error_codes\` or from the text. Without a code that is listed here, the OAuth error beside it decides: \`access_denied\` is a person who declined, \`invalid_client\` is yours to mend, and so on.
- Only \`invalid_grant\` ends a connection. Where a row says \`rejected\` and another error came, it is \`interaction_required\`: the connection stays, and the person is asked to sign in.
- \`needs_operator\` is logged for you. It disconnects nobody, and ends when the client is accepted again.
- \`error=interaction_required\` or \`login_required\` at the callback is \`interaction_required\` where the row says \`provider_refused\` or \`sign_in_required\`. A definite code beside it, such as 50105, means what its row says.
- \`interaction_required\` fails a session as \`sign_in_required\`, unless the session waits for its administrator: then it waits on.
- The sentence for the person stands in the place of what the failure reason says has happened, on our pages and in \`failure\` of the session's status. What to do is said by the reason. The code itself is in \`failure_code\`, and on our pages in the line for support.
- \`access_denied\` with \`error_subcode=cancel\` and no code is somebody who came back from *Need admin approval*, or pressed *Back*: the session waits for the administrator, and can be tried again.

The table is made of \`src/providers/microsoft/aadsts.ts\` and tested against the emulator. Which \`error\` Microsoft sends with a code is documented for few of them; none was seen at the real one.

| code | a session | a connection | the person | the operator | then |
|---|---|---|---|---|---|`;
