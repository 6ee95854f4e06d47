import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CalendarConnect, createCalendarConnect, loadOrCreateKeyFile, openSqlite, type Provider } from '@calendar-connect/backend';

/** The backend inside of this app, and the one application that it has: the app itself. */
export interface Calendar extends CalendarConnect {
  readonly publicUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the backend is made with. */
export interface CalendarOptions {
  /** Our own address. The backend is below it. */
  readonly site: string;
  readonly path: string;
  /** The folder of the database, the key, and the application's secret. */
  readonly data: string;
  readonly providers: readonly Provider[];
}

/** Starts the backend. In production, the key and the client secret come from wherever your other secrets come from. */
export async function createCalendar({ site, path, data, providers }: CalendarOptions): Promise<Calendar> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const publicUrl = `${site}${path}`;
  const connect = await createCalendarConnect({
    publicUrl,
    database: openSqlite({ file: join(data, 'calendar.db') }),
    keys: loadOrCreateKeyFile(join(data, 'keys')).keys,
    providers,
  });
  return { ...connect, publicUrl, ...(await ownApplication(connect, { site, data })) };
}

/** A client secret is given out once, so it is kept, readable by whoever runs this only. */
async function ownApplication(connect: CalendarConnect, { site, data }: { site: string; data: string }) {
  // An origin is registered exactly, with its port.
  const file = join(data, `application-${new URL(site).port}.json`);
  const kept = keptIn(file);
  if (kept !== undefined) return kept;
  const { application, clientSecret } = await connect.applications.create({ name: 'Alder Rooms', origins: [site], redirectUris: [] });
  const made = { clientId: application.id, clientSecret };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function keptIn(file: string): { clientId: string; clientSecret: string } | undefined {
  try {
    // We wrote it.
    return JSON.parse(readFileSync(file, 'utf8')) as { clientId: string; clientSecret: string };
  } catch {
    return undefined;
  }
}
