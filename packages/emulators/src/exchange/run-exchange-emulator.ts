import { createMailboxState } from '../ews-operations/mailbox-state.ts';
import { createMailboxes } from '../microsoft/mailbox/mailboxes.ts';
import { createTimeZones } from '../time-zones.ts';
import { createRequestTaker } from './answer-request.ts';
import { createNtlmConnections } from './authentication/ntlm-connections.ts';
import { createAutodiscoverAnswers } from './autodiscover/answers.ts';
import { createHostCertificates } from './certificates/host-certificates.ts';
import { createExchangeControl, openMailbox } from './control.ts';
import { defaultExchangePeople } from './directory/default-people.ts';
import { createLogins } from './directory/logins.ts';
import { createExchangePeople } from './directory/people.ts';
import { DEFAULT_ROOM_LISTS, type RoomListSeed } from './directory/rooms.ts';
import { createSyncStates } from './ews/sync-states.ts';
import { createExchangeFaults } from './faults.ts';
import { listenHttp, listenHttps, TLS_OPTIONS, type ExchangeListener } from './listeners.ts';
import { createRoute, startGateway } from './network/gateway.ts';
import { createExchangeHosts, DEFAULT_HOSTS } from './network/hosts.ts';
import { createNameService } from './network/name-service.ts';
import type { ExchangeEmulatorOptions } from './options.ts';
import type { ExchangeParts } from './parts.ts';
import { createExchangeRequestLog } from './request-log.ts';
import type { RunningExchangeEmulator } from './start-exchange-emulator.ts';
import { EXCHANGE_SWITCHES } from './switches.ts';
import { PERSONALITIES } from './versions.ts';

const LOOPBACK = '127.0.0.1';

/** Makes the parts, and listens. @throws TypeError for an option that cannot be; Error with the system's code when a port cannot be had */
export async function runExchangeEmulator(options: ExchangeEmulatorOptions): Promise<RunningExchangeEmulator> {
  const parts = createParts(options);
  const opened: { close: () => Promise<void> }[] = [];
  const keep = <T extends { close: () => Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  const close = async (): Promise<void> => void (await Promise.all(opened.map((each) => each.close())));
  try {
    const https = keep(await openHttps(options, parts));
    const http = keep(await listenHttp({ take: createRequestTaker(parts, false), port: options.httpPort ?? 0, address: LOOPBACK }));
    const route = createRoute(parts.hosts, { https: https.port, http: http.port });
    const gateway = keep(await startGateway(route));
    const { resolve, resolveSrv, resolveMx } = parts.names;
    return {
      port: https.port,
      httpPort: http.port,
      ca: parts.certificates.ca,
      ewsUrl: parts.ewsUrls.external,
      network: { resolve, resolveSrv, resolveMx, route, proxyUrl: gateway.proxyUrl },
      control: createExchangeControl(parts, gateway),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function openHttps(options: ExchangeEmulatorOptions, parts: ExchangeParts): Promise<ExchangeListener> {
  const { hosts, certificates } = parts;
  const [first] = hosts.all();
  return listenHttps(
    { take: createRequestTaker(parts, true), port: options.port ?? 0, address: LOOPBACK },
    {
      tls: TLS_OPTIONS[options.tls ?? 'current'],
      fallback: certificates.of(first?.name ?? LOOPBACK, first?.certificate ?? 'trusted').identity,
      find: (serverName) => {
        const host = hosts.find(serverName);
        return host === undefined || host.https.kind === 'closed' ? undefined : certificates.of(host.name, host.certificate).context;
      },
    },
  );
}

function createParts(options: ExchangeEmulatorOptions): ExchangeParts {
  const { now = Date.now, version = '2016', roomLists = DEFAULT_ROOM_LISTS } = options;
  const windowsDomain = options.windowsDomain ?? { netbios: 'CORP', dns: 'corp.local' };
  const people = createExchangePeople(windowsDomain);
  const hosts = createExchangeHosts(options.hosts ?? DEFAULT_HOSTS);
  const zones = createTimeZones();
  const mailboxes = createMailboxes(zones, now);
  for (const seed of options.people ?? defaultExchangePeople(now())) openMailbox(people.add(seed), seed, { mailboxes, zones });
  openRooms(roomLists, { mailboxes });
  return {
    personality: PERSONALITIES[version],
    protectsEws: version === 'SE',
    windowsDomain,
    people,
    logins: createLogins(people, options.lockoutThreshold ?? 5),
    roomLists: roomLists.map(lowerCased),
    mailboxes,
    state: createMailboxState(),
    syncStates: createSyncStates(),
    zones,
    hosts,
    names: createNameService(hosts, { srv: options.srv ?? {}, mx: options.mx ?? {} }),
    certificates: createHostCertificates(TLS_OPTIONS[options.tls ?? 'current']),
    connections: createNtlmConnections(windowsDomain, now),
    autodiscover: createAutodiscoverAnswers(options.autodiscover ?? {}),
    switches: { current: { ...EXCHANGE_SWITCHES, ...options.switches } },
    switchesAtStart: options.switches ?? {},
    nextConnection: createCounter(),
    faults: createExchangeFaults(options.faults ?? []),
    requests: createExchangeRequestLog(),
    ewsUrls: {
      external: options.ewsUrl ?? 'https://mail.corp.example/EWS/Exchange.asmx',
      internal: options.internalEwsUrl ?? `https://ex01.${windowsDomain.dns}/EWS/Exchange.asmx`,
    },
    now,
  };
}

function createCounter(): () => number {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
}

function openRooms(roomLists: readonly RoomListSeed[], { mailboxes }: Pick<ExchangeParts, 'mailboxes'>): void {
  for (const { name, email } of roomLists.flatMap(({ rooms }) => rooms)) {
    mailboxes.open({ email: email.toLowerCase(), name, timeZone: 'Europe/Berlin', isPersonal: true }, {});
  }
}

function lowerCased({ name, email, rooms }: RoomListSeed): RoomListSeed {
  return { name, email: email.toLowerCase(), rooms: rooms.map((room) => ({ ...room, email: room.email.toLowerCase() })) };
}
