import { describe, expect, it } from 'vitest';
import { createServerMoves, type MailboxAtServer } from './server-moves.ts';

const HOUR_MS = 60 * 60_000;
const NEW = new URL('https://mail2.corp.example/EWS/Exchange.asmx');
const ANN = personAt('corp.example', 'ann');

function personAt(domain: string, name: string): MailboxAtServer {
  const url = new URL(`https://mail.${domain}/EWS/Exchange.asmx`);
  return { url, mailbox: `${name}@${domain}`, login: { userName: name, password: 'right' } };
}

/** The memory with a clock, and a look that finds what it is told to. */
function movesAt() {
  let nowMs = 0;
  let looks = 0;
  const moves = createServerMoves(() => nowMs);
  return {
    moves,
    pass: (ms: number) => void (nowMs += ms),
    looks: () => looks,
    look: (finds: URL | undefined) => moves.look(ANN, () => (looks++, Promise.resolve(finds))),
  };
}

describe('a server that may have moved', () => {
  it('is looked for once an hour, and once for all calls that come together', async () => {
    const { look, looks, pass } = movesAt();
    expect(await Promise.all([look(undefined), look(NEW)])).toEqual([undefined, undefined]);
    pass(HOUR_MS - 1);
    expect([await look(NEW), looks()]).toEqual([undefined, 1]);
    pass(1);
    expect([await look(NEW), looks()]).toEqual([NEW, 2]);
  });

  it('is where it was found for an hour, unless it answers again where it was', async () => {
    const { moves, look, looks, pass } = movesAt();
    await look(NEW);
    expect([moves.found(ANN), await look(undefined), looks()]).toEqual([NEW, NEW, 1]);
    pass(HOUR_MS);
    expect(moves.found(ANN)).toBeUndefined();
    await look(NEW);
    moves.heard(ANN, undefined);
    expect([moves.found(ANN), await look(NEW)]).toEqual([undefined, undefined]);
  });

  it('is not gone to again, nor looked for, once it has refused the login', async () => {
    const { moves, look, looks, pass } = movesAt();
    await look(NEW);
    moves.refused(ANN);
    expect(moves.found(ANN)).toBeUndefined();
    pass(24 * HOUR_MS);
    expect([await look(NEW), looks()]).toEqual([undefined, 1]);
  });

  it('is looked for again, and gone to again, once it has answered where it was', async () => {
    const { moves, look, pass } = movesAt();
    await look(NEW);
    moves.refused(ANN);
    moves.heard(ANN, undefined);
    pass(HOUR_MS);
    expect([await look(NEW), moves.found(ANN)]).toEqual([NEW, NEW]);
  });

  it('is looked for anew after a look that failed, which nobody sees', async () => {
    const { moves, look } = movesAt();
    expect(await moves.look(ANN, () => Promise.reject(new TypeError('a surprise')))).toBeUndefined();
    expect(await look(NEW)).toBe(NEW);
  });

  it('is looked for once at a time for each mail domain, and who was too many may look next', async () => {
    const { moves } = movesAt();
    const { promise, resolve } = Promise.withResolvers<URL>();
    const first = moves.look(ANN, () => promise);
    const ben = personAt('corp.example', 'ben');
    expect(await moves.look({ ...ben, mailbox: 'ben@CORP.example' }, () => Promise.resolve(NEW))).toBeUndefined();
    expect(await moves.look(personAt('other.example', 'ben'), () => Promise.resolve(NEW))).toBe(NEW);
    resolve(NEW);
    expect([await first, await moves.look(ben, () => Promise.resolve(NEW))]).toEqual([NEW, NEW]);
  });

  it('is looked for ten times a minute for all accounts together, and who was too many may look in the next', async () => {
    const { moves, pass } = movesAt();
    const lookFor = (index: number) => moves.look(personAt(`corp${index}.example`, 'ann'), () => Promise.resolve(NEW));
    for (let index = 0; index < 10; index += 1) expect(await lookFor(index)).toBe(NEW);
    pass(59_999);
    expect(await lookFor(10)).toBeUndefined();
    pass(1);
    expect(await lookFor(10)).toBe(NEW);
  });

  it('is gone for good where that was heard all the time for six hours, and nothing else of it', () => {
    const { moves, pass } = movesAt();
    const hear = (times: number) => {
      for (let time = 0; time < times; time += 1) {
        pass(1.5 * HOUR_MS);
        moves.heard(ANN, 'gone');
      }
    };
    moves.heard(ANN, 'passing');
    pass(24 * HOUR_MS);
    expect(moves.isLasting(ANN)).toBe(false);
    hear(4);
    expect(moves.isLasting(ANN)).toBe(false);
    hear(1);
    expect(moves.isLasting(ANN)).toBe(true);
    moves.heard(ANN, undefined);
    moves.heard(ANN, 'gone');
    expect(moves.isLasting(ANN)).toBe(false);
  });

  it('is not gone for good for two bad moments that are far apart, nor a while after the last of many', () => {
    const { moves, pass } = movesAt();
    moves.heard(ANN, 'gone');
    pass(6 * HOUR_MS);
    moves.heard(ANN, 'gone');
    expect(moves.isLasting(ANN)).toBe(false);
    for (let hours = 0; hours < 6; hours += 1) {
      pass(HOUR_MS);
      moves.heard(ANN, 'gone');
    }
    expect(moves.isLasting(ANN)).toBe(true);
    pass(1.5 * HOUR_MS + 1);
    expect(moves.isLasting(ANN)).toBe(false);
  });
});
