import { describe, expect, it } from 'vitest';
import type { Meeting, MeetingDraft, Meetings } from './meetings.ts';
import { NO_ANSWERS } from './no-answers.contract.ts';
import type { Credential } from './provider.ts';
import type { Asked, Script } from './scripted-vendor.contract.ts';

/** A Monday, from nine to a quarter to ten. */
export const DRAFT: MeetingDraft = {
  title: 'Talk',
  startMs: Date.parse('2026-11-16T09:00:00Z'),
  endMs: Date.parse('2026-11-16T09:45:00Z'),
  timeZone: 'Europe/Berlin',
};

/** A service that answers by path what a test wrote. */
export interface MeetingsUnderScript {
  readonly open: (script: Record<string, Script>) => Promise<{ readonly meetings: Meetings; readonly asked: readonly Asked[] }>;
  readonly credential: Credential;
  /** Where a meeting is made. */
  readonly createPath: string;
  /** Where {@link meeting} is changed and deleted; `update` is absent where nothing is sent for it. */
  readonly deletePath: string;
  readonly updatePath?: string;
  /** As the vendor's documentation has it, with the secrets of the host as `…very-secret`. */
  readonly created: () => Response;
  /** The answer to a change or deletion that is done. Default: 204. */
  readonly done?: () => Response;
  /** What is to be read of it. */
  readonly meeting: Meeting;
  /** What refusals mean, as status, body and outcome. */
  readonly refusals: readonly (readonly [status: number, body: object, outcome: string])[];
}

/** What every service's part has to make of answers, good and bad. */
export function scriptedMeetingTests(title: string, under: MeetingsUnderScript): void {
  const { credential, meeting, createPath, updatePath, deletePath } = under;
  const createWith = async (answer: Script) => {
    const { meetings, asked } = await under.open({ [createPath]: answer });
    return { outcome: await meetings.create(credential, { ...DRAFT, idempotencyKey: 'key-1' }), asked };
  };
  const deleteWith = async (answer: Script) => (await under.open({ [deletePath]: answer })).meetings.delete(credential, meeting.meetingId);
  const holdsNoSecret = (outcome: unknown): boolean => !/very-sec|jane@/.test(JSON.stringify(outcome));

  describe(`a meeting at ${title}`, () => {
    it('is made with the access token alone, and read without what makes somebody the host', async () => {
      const { outcome, asked } = await createWith(under.created);
      expect(outcome).toEqual({ outcome: 'ok', value: meeting });
      expect(holdsNoSecret(outcome)).toBe(true);
      expect(asked.map(({ method, headers }) => [method, headers.get('authorization')])).toEqual([
        ['POST', `Bearer ${credential.accessToken}`],
      ]);
      expect(asked[0]?.text).not.toContain(credential.refreshToken);
    });

    it.each(Object.entries(NO_ANSWERS))('is not known to be there, or gone, after %s', async (_, answer) => {
      const outcomes = [(await createWith(answer)).outcome, await deleteWith(answer)];
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unavailable', 'unavailable']);
      expect(holdsNoSecret(outcomes)).toBe(true);
    });

    it.each(under.refusals)('refused with %d %j is %s', async (status, body, expected) => {
      const { outcome } = await createWith(() => Response.json(body, { status, headers: { 'retry-after': '7' } }));
      expect(outcome.outcome).toBe(expected);
      if (outcome.outcome === 'unavailable' && status === 429) expect(outcome.retryAfterMs).toBe(7_000);
      expect(holdsNoSecret(outcome)).toBe(true);
      const deleted = await deleteWith(() => Response.json(body, { status }));
      expect(deleted.outcome).toBe(expected === 'not_found' ? 'ok' : expected);
    });

    it('is changed and deleted by its id', async () => {
      const paths = [...new Set([updatePath ?? deletePath, deletePath])];
      const script = Object.fromEntries(
        paths.map((path): [string, Script] => [path, under.done ?? (() => new Response(null, { status: 204 }))]),
      );
      const { meetings, asked } = await under.open(script);
      expect(await meetings.update(credential, meeting.meetingId, DRAFT)).toEqual({ outcome: 'ok', value: undefined });
      expect(await meetings.delete(credential, meeting.meetingId)).toEqual({ outcome: 'ok', value: undefined });
      expect(asked.map(({ url }) => url.pathname)).toEqual(updatePath === undefined ? [deletePath] : [updatePath, deletePath]);
    });
  });
}
