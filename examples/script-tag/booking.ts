import type { Context, Hono } from 'hono';
import { type Backend, type BusyTime, busyTimes, type Connection, deleteEvent, writeEvent } from './partner-api.ts';

/** The event that was booked with one login, and what came of the last thing that was tried with it. */
export interface Booking {
  /** `undefined` where nothing is booked. */
  readonly title: string | undefined;
  /** What the backend did not like, as it answered. */
  readonly problem?: string | undefined;
}

/** Whoever books: the connection to do it with, and what is booked, by profile. */
export interface Booker {
  readonly connection?: Connection | undefined;
  readonly bookings: Map<string, Booking>;
}

/** What the booking needs of the site. */
export interface BookingParts {
  readonly backend: Backend;
  readonly bookerOf: (c: Context) => Booker;
}

const DAYS_AHEAD = 5;
/** The demo books one event in each calendar. Under the same id it is changed, and never there twice. */
const EVENT_ID = 'demo-booking';
/** Of this computer, which is the visitor's too. A partner asks, or takes the browser's. */
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Adds what the forms beside a connection do. */
export function addBooking(app: Hono, { backend, bookerOf }: BookingParts): void {
  app.post('/book', async (c) => {
    const [{ profile, calendar, title }, { connection, bookings }] = [await fieldsOf(c), bookerOf(c)];
    if (connection !== undefined) {
      const event = { id: EVENT_ID, title, ...tomorrowAtTen(), timeZone };
      const problem = await problemOf(writeEvent(backend, { ...connection, calendarId: calendar }, event));
      bookings.set(profile, { title: problem === undefined ? title : bookings.get(profile)?.title, problem });
    }
    return c.redirect('/', 303);
  });

  app.post('/cancel', async (c) => {
    const [{ profile, calendar }, { connection, bookings }] = [await fieldsOf(c), bookerOf(c)];
    if (connection !== undefined) {
      const problem = await problemOf(deleteEvent(backend, { ...connection, calendarId: calendar }, EVENT_ID));
      bookings.set(profile, { title: problem === undefined ? undefined : bookings.get(profile)?.title, problem });
    }
    return c.redirect('/', 303);
  });
}

/** When somebody is busy in the next days; a sentence where the backend does not say. */
export async function nextDays(backend: Backend, connection: Connection): Promise<readonly BusyTime[] | string> {
  const days = { from: dayIn(0), to: dayIn(DAYS_AHEAD), timeZone };
  return busyTimes(backend, connection, days).catch(sentence);
}

function tomorrowAtTen(): { start: Date; end: Date } {
  const start = new Date();
  start.setDate(start.getDate() + 1);
  start.setHours(10, 0, 0, 0);
  return { start, end: new Date(start.getTime() + 60 * 60 * 1000) };
}

/** Such as `2026-11-02`. */
function dayIn(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() + days);
  // Swedes write dates that way.
  return day.toLocaleDateString('sv');
}

function problemOf(doing: Promise<void>): Promise<string | undefined> {
  return doing.then(() => undefined, sentence);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function fieldsOf(c: Context): Promise<{ profile: string; calendar: string; title: string }> {
  const fields = await c.req.parseBody();
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  return { profile: text('profile'), calendar: text('calendar'), title: text('title') };
}
