import { describe, expect, it } from 'vitest';
import { CLIENT, CREDENTIAL, NOW_MS, ROOT, type Script } from '../oauth2/oauth2.contract.ts';
import { DRAFT, scriptedMeetingTests } from '../scripted-meetings.contract.ts';
import { scriptedDoor } from '../scripted-vendor.contract.ts';
import { googleMeet } from './google-meet.ts';

const CREATE = '/v2/spaces';
const END = '/v2/spaces/jQCFfuBOdN5z:endActiveConference';

async function open(script: Record<string, Script>) {
  const { outbound, asked } = scriptedDoor({ root: ROOT, script, timeoutMs: 300 });
  const { clientId, clientSecret } = CLIENT;
  const service = googleMeet({ clientId, clientSecret, endpoints: { meet: `${ROOT}/` }, outbound, now: () => NOW_MS });
  return { meetings: await service.meetings(), asked };
}

function refusal(code: number, status: string, details: readonly object[] = []): object {
  return { error: { code, message: 'About jane@example.com', status, details } };
}

scriptedMeetingTests('google meet', {
  open,
  credential: CREDENTIAL,
  createPath: CREATE,
  deletePath: END,
  created: () =>
    Response.json({
      name: 'spaces/jQCFfuBOdN5z',
      meetingUri: 'https://meet.google.com/abc-mnop-xyz',
      meetingCode: 'abc-mnop-xyz',
      config: { accessType: 'TRUSTED', entryPointAccess: 'ALL' },
    }),
  done: () => Response.json({}),
  meeting: { meetingId: 'spaces/jQCFfuBOdN5z', joinUrl: 'https://meet.google.com/abc-mnop-xyz', password: undefined },
  refusals: [
    [401, refusal(401, 'UNAUTHENTICATED'), 'unauthorized'],
    [403, refusal(403, 'PERMISSION_DENIED', [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }]), 'forbidden'],
    [403, refusal(403, 'PERMISSION_DENIED', [{ reason: 'SERVICE_DISABLED' }]), 'unavailable'],
    [404, refusal(404, 'NOT_FOUND'), 'not_found'],
    [400, refusal(400, 'INVALID_ARGUMENT'), 'invalid'],
    [429, refusal(429, 'RESOURCE_EXHAUSTED'), 'unavailable'],
  ],
});

describe('a space of google meet', () => {
  it('has neither title nor time', async () => {
    const space = Response.json({ name: 'spaces/jQCFfuBOdN5z', meetingUri: 'https://meet.google.com/abc-mnop-xyz' });
    const { meetings, asked } = await open({ [CREATE]: () => space });
    await meetings.create(CREDENTIAL, { ...DRAFT, idempotencyKey: 'k' });
    await meetings.update(CREDENTIAL, 'spaces/jQCFfuBOdN5z', { ...DRAFT, title: 'Chat' });
    expect(asked.map(({ text }) => text)).toEqual(['{}']);
  });

  it('stays when it is deleted, and whoever is in it has to go', async () => {
    const { meetings, asked } = await open({ [END]: () => Response.json({}) });
    expect(await meetings.delete(CREDENTIAL, 'spaces/jQCFfuBOdN5z')).toEqual({ outcome: 'ok', value: undefined });
    expect(asked.map(({ method }) => method)).toEqual(['POST']);
  });

  it('is deleted where nobody is in it, and where it is none of google’s', async () => {
    const nobody: Script = () => Response.json(refusal(400, 'FAILED_PRECONDITION'), { status: 400 });
    const { meetings, asked } = await open({ [END]: nobody });
    for (const meetingId of ['spaces/jQCFfuBOdN5z', '../../v1/users', '']) {
      expect(await meetings.delete(CREDENTIAL, meetingId)).toEqual({ outcome: 'ok', value: undefined });
    }
    expect(asked).toHaveLength(1);
  });

  it('tells the operator that the API is switched off', async () => {
    const off: Script = () => Response.json(refusal(403, 'PERMISSION_DENIED', [{ reason: 'SERVICE_DISABLED' }]), { status: 403 });
    const { meetings } = await open({ [CREATE]: off });
    expect(await meetings.create(CREDENTIAL, { ...DRAFT, idempotencyKey: 'k' })).toMatchObject({ needsOperator: true });
  });
});
