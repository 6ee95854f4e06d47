import { expect, it } from 'vitest';
import { readView } from './calendar-view.ts';
import { type EwsAnswer, type EwsCaller, refusal } from './caller.ts';
import { readXml } from './read-xml.ts';

const FROM_MS = Date.UTC(2031, 0, 1);
const TWO_YEARS = { fromMs: FROM_MS, toMs: FROM_MS + 720 * 86_400_000 };
const TOO_LARGE: EwsAnswer = refusal({ status: 200, noAnswer: 'too_large' });

/** An answer without any event. */
function empty(includesLast: boolean): EwsAnswer {
  const message = readXml(`<M><RootFolder IncludesLastItemInRange="${includesLast}"><Items/></RootFolder></M>`);
  if (message === undefined) throw new Error('expected a document');
  return { refused: false, messages: [{ refused: false, message }] };
}

it.each<[string, EwsAnswer]>([
  ['is too large', TOO_LARGE],
  ['is cut off', empty(false)],
])('gives a view up after a few hundred requests, where every range but the shortest %s', async (_what, long) => {
  let asked = 0;
  const caller: EwsCaller = {
    hints: { noMailbox: '', notAllowed: '' },
    ask: (operation) => {
      asked += 1;
      if (asked > 5000) throw new Error('expected an end after a few hundred requests');
      const { xml } = typeof operation === 'function' ? operation('Exchange2010') : operation;
      const [fromMs = 0, toMs = 0] = [/StartDate="([^"]+)"/, /EndDate="([^"]+)"/].map((date) => Date.parse(date.exec(xml)?.[1] ?? ''));
      return Promise.resolve(toMs - fromMs < 120_000 ? empty(true) : long);
    },
  };
  const read = await readView(caller, { what: 'events', calendarId: 'calendar', fields: ['calendar:Start'], ...TWO_YEARS });
  expect(read).toEqual({ outcome: 'unavailable', retryAfterMs: undefined, operatorHint: 'events: the answer could not be read' });
  expect(asked).toBeLessThanOrEqual(500);
});
