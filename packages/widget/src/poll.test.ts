import { expect } from '@open-wc/testing';
import { CalendarConnectError } from './calendar-connect-error.ts';
import type { ConnectSession } from './connect-session.ts';
import { pollSession } from './poll.ts';
import type { PollOptions, PolledStatus } from './session-client.ts';

const SESSION = {
  id: 'ses_1',
  secret: 's',
  verifier: 'v',
  expiresAtMs: Date.now() + 60_000,
  partnerMinted: false,
  minted: { version: 1 },
} as ConnectSession;

/** A backend that gives these answers one after the other, and then none until it is asked again. */
function backend(...answers: (PolledStatus | Error)[]): {
  asked: PollOptions[];
  status: (holder: unknown, options: PollOptions) => Promise<PolledStatus>;
} {
  const asked: PollOptions[] = [];
  const status = (_holder: unknown, options: PollOptions): Promise<PolledStatus> => {
    asked.push(options);
    const answer = answers.shift();
    if (answer) return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    return new Promise((_resolve, reject) =>
      options.signal!.addEventListener('abort', () => reject(new CalendarConnectError('backend_unreachable', 'aborted'))),
    );
  };
  return { asked, status };
}

const fault = (): Error => new CalendarConnectError('backend_unreachable', 'no answer');
const rest = { signal: new AbortController().signal, onStatus: (): void => undefined, onUnreachable: (): void => undefined };

describe('watching a session', () => {
  it('waits for every version and stops at the end', async () => {
    const client = backend({ state: 'at_provider', version: 2 }, { state: 'connected', version: 3, code: 'c' });
    const status = await pollSession({ client, session: SESSION, ...rest }).result;
    expect(status.code).to.equal('c');
    expect(client.asked.map(({ after, waitSeconds }) => [after, waitSeconds])).to.deep.equal([
      [1, 25],
      [2, 25],
    ]);
  });

  it('tells the backend’s refusal', async () => {
    const client = backend(new CalendarConnectError('session_not_found', 'gone'));
    const error = await pollSession({ client, session: SESSION, ...rest }).result.catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'session_not_found');
  });

  it('waits out faults and limits, longer each time, and asks at once when nudged', async () => {
    const client = backend(new CalendarConnectError('rate_limited', 'too many'), { state: 'declined', version: 2 });
    const poll = pollSession({ client, session: SESSION, ...rest });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.asked).to.have.length(1);
    poll.nudge();
    expect((await poll.result).state).to.equal('declined');
  });

  it('says so after three faults, and that it is over after the next answer', async () => {
    const client = backend(fault(), fault(), fault(), { state: 'at_provider', version: 2 }, { state: 'declined', version: 3 });
    const told: boolean[] = [];
    const poll = pollSession({ client, session: SESSION, ...rest, onUnreachable: (unreachable) => told.push(unreachable) });
    const nudging = setInterval(() => poll.nudge(), 20);
    await poll.result;
    clearInterval(nudging);
    expect(told).to.include(true);
    expect(told.at(-1)).to.equal(false);
  });

  it('stops with its signal', async () => {
    const stop = new AbortController();
    const client = backend();
    const poll = pollSession({ client, session: SESSION, ...rest, signal: stop.signal });
    stop.abort();
    expect(await poll.result.catch((reason: unknown) => (reason as Error).name)).to.equal('AbortError');
  });

  it('asks only now and then, and at once when nudged, after an administrator was waited for some minutes', async () => {
    const admin_approval = { url: 'https://connect.example/', mail: 'mailto:' };
    const waiting = (version: number): PolledStatus => ({ state: 'waiting_for_admin', version, admin_approval });
    const client = backend(waiting(2), waiting(3), waiting(4), { state: 'connected', version: 5 });
    const told: number[] = [];
    const now = Date.now.bind(Date);
    const poll = pollSession({
      client,
      session: SESSION,
      ...rest,
      onStatus({ version }) {
        told.push(version);
        // Its hour is over by then, and it lives on.
        if (version === 3) Date.now = () => now() + 2 * 3600_000;
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).to.deep.equal([2, 3]);
    poll.nudge();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).to.deep.equal([2, 3, 4]);
    poll.nudge();
    expect((await poll.result).state).to.equal('connected');
    Date.now = now;
  });

  it('takes a session that nobody tells of as expired when its hour is over', async () => {
    const poll = pollSession({ client: backend(), session: { ...SESSION, expiresAtMs: 0 }, ...rest });
    expect((await poll.result).state).to.equal('expired');
  });
});
