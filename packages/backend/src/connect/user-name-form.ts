import type { UserNameForm } from '../storage/questions/domain-servers.ts';

/** How people of a domain call themselves to its server: what colleagues need not type. */
export interface RememberedForm {
  /** The Windows domain, such as `CORP`. */
  readonly domain: string | undefined;
  readonly form: UserNameForm;
}

/** What a user name that worked says of those of colleagues. */
export function formOf(userName: string, address: string): RememberedForm {
  const typed = userName.trim();
  if (typed.toLowerCase() === address.trim().toLowerCase()) return { domain: undefined, form: 'address' };
  const [before = '', behind] = typed.split('\\');
  const [domain, name] = behind === undefined ? [undefined, before] : [before, behind];
  return { domain, form: name.toLowerCase() === localPartOf(address).toLowerCase() ? 'local_part' : 'own' };
}

/** The user name that somebody has by a form; `undefined` where it is their own and nobody can know it. */
export function userNameBy({ domain, form }: RememberedForm, address: string): string | undefined {
  switch (form) {
    case 'address':
      return address.trim();
    case 'local_part':
      return domain === undefined ? localPartOf(address) : `${domain}\\${localPartOf(address)}`;
    case 'own':
      return undefined;
  }
}

/**
 * What tries are counted by: the user at the server, in whatever spelling. `CORP\ann`, `ann@corp.example` and `ann` can be one account of
 * the directory, and whoever could choose between them could try until it is locked.
 */
export function countedUser(userName: string, host: string): string {
  const [, name = ''] = /^(?:[^\\]*\\)?(.*)$/s.exec(userName.trim()) ?? [];
  return `${localPartOf(name) || name} ${host.replace(/\.$/, '')}`.toLowerCase();
}

function localPartOf(address: string): string {
  const typed = address.trim();
  return typed.slice(0, Math.max(typed.lastIndexOf('@'), 0));
}
