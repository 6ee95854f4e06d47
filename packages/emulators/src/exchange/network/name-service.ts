import type { ExchangeHosts } from './hosts.ts';

/** An SRV record, in the names of `node:dns`. */
export interface SrvRecord {
  /** The host. */
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** An MX record, in the names of `node:dns`. */
export interface MxRecord {
  readonly exchange: string;
  readonly priority: number;
}

/** A question that was asked. */
export interface NameLookup {
  readonly type: 'address' | 'srv' | 'mx';
  readonly name: string;
}

/** What names there are besides those of hosts. */
export interface NameRecords {
  /** By the name asked, such as `_autodiscover._tcp.corp.example`. */
  readonly srv?: Readonly<Record<string, readonly SrvRecord[]>>;
  /** By domain. */
  readonly mx?: Readonly<Record<string, readonly MxRecord[]>>;
}

/** The DNS of the emulated internet, for a client's resolver. */
export interface NameService {
  /** Gives the addresses of a name. @throws Error `ENOTFOUND` */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** @throws Error `ENOTFOUND` */
  readonly resolveSrv: (name: string) => Promise<readonly SrvRecord[]>;
  /** @throws Error `ENOTFOUND` */
  readonly resolveMx: (name: string) => Promise<readonly MxRecord[]>;
}

/** The same, with what the control needs. */
export interface WatchedNameService extends NameService {
  readonly lookups: () => readonly NameLookup[];
  readonly clearLookups: () => void;
  readonly setRecords: (records: NameRecords) => void;
  readonly reset: () => void;
}

const LOOKUPS_KEPT = 2_000;

/** Creates the name service over the hosts. */
export function createNameService(hosts: ExchangeHosts, start: NameRecords): WatchedNameService {
  const asked: NameLookup[] = [];
  let records = start;
  const note = (type: NameLookup['type'], name: string): string => {
    const plain = name.toLowerCase().replace(/\.$/, '');
    asked.push({ type, name: plain });
    if (asked.length > LOOKUPS_KEPT) asked.shift();
    return plain;
  };
  return {
    resolve: async (name) => found(hosts.find(note('address', name))?.addresses, name),
    resolveSrv: async (name) => found(records.srv?.[note('srv', name)], name),
    resolveMx: async (name) => found(records.mx?.[note('mx', name)], name),
    lookups: () => [...asked],
    clearLookups: () => {
      asked.length = 0;
    },
    setRecords: (changes) => {
      records = { ...records, ...changes };
    },
    reset: () => {
      records = start;
    },
  };
}

function found<T>(answers: readonly T[] | undefined, name: string): readonly T[] {
  if (answers !== undefined && answers.length > 0) return answers;
  throw Object.assign(new Error(`ENOTFOUND ${name}`), { code: 'ENOTFOUND', hostname: name });
}
