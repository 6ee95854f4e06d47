// Part of the schema, in the same spelling: see `schema.ts`.

/** The address that somebody is about to prove as theirs, and the code that was mailed to it. Both sealed under the application's data key. */
export interface AddressChecksTable {
  session_id: string;
  email_sealed: string;
  code_sealed: string;
  /** Tries so far, each counted before it is compared. */
  attempts: number;
  created_at: number;
  expires_at: number;
}

/** How far somebody is who signs in with a password on our own page: what they typed and what was found out. Never the password. */
export interface PasswordSignInsTable {
  session_id: string;
  /** Under the application's data key. */
  state_sealed: string;
  updated_at: number;
}

/** A server that people of a mail domain use, as one application knows it. No person stands in it. */
export interface DomainServersTable {
  application_id: string;
  provider: string;
  /** In the letters of the DNS. */
  mail_domain: string;
  ews_url: string;
  /** `usable`, or `waiting` for the operator's yes. */
  state: string;
  /** `domain`, `operator`, `rule` where another entry of the operator's names its host, or, while it waits, `person`. */
  vouched_by: string;
  /** The Windows domain of user names, such as `CORP`; `null`: none. What the operator has said of user names stays. */
  user_name_domain: string | null;
  /** `address`, `local_part` (after the Windows domain stands what the address begins with) or `own` (something else). */
  user_name_form: string;
  /** 1: it has offered NTLM, and has to from now on. */
  offers_ntlm: number;
  /** In a few words. */
  evidence: string;
  /** Or when the operator added it. */
  first_used_at: number;
  last_used_at: number;
  /** `null`: what the operator has said counts until they say something else. */
  expires_at: number | null;
}
