// Part of the schema, in the same spelling: see `schema.ts`.

/** An event that an application wrote through the API. Of when it is, only the months are in the clear, so that a range can be looked up. */
export interface ManagedEventsTable {
  id: string;
  application_id: string;
  account_id: string;
  profile_id: string;
  /** As partners see it: `cal_…`. */
  calendar_id: string;
  /** Of the application's own id of it. */
  event_hash: string;
  /** The iCalendar UID. */
  uid: string;
  /** The iCalendar SEQUENCE of the revision that was mailed last, or written. */
  sequence: number;
  /** Grows with every change: who changes names the version it started from. */
  version: number;
  content_sealed: string;
  /** Years × 12 + months of the first and of the last day, in UTC, a day wider on both sides. */
  first_month: number;
  last_month: number;
  deleted_at: number | null;
  created_at: number;
  updated_at: number;
}

/** One revision of an event as it is to be mailed to one recipient, whole: what is changed later is another one. */
export interface InvitationsTable {
  id: string;
  managed_event_id: string;
  account_id: string;
  application_id: string;
  sealed: string;
  created_at: number;
}
