import type { Migration } from '../migrations.ts';

/** At most so many mails to one address. What each column holds is said in `schema.ts`. */
export const mailClaims: Migration = {
  id: 5,
  name: 'mail-claims',
  up: [
    `create table mail_claims (subject text primary key, item text not null, claimed_at bigint not null, settled_at bigint)`,
    `create index mail_claims_by_time on mail_claims (claimed_at)`,
  ],
};
