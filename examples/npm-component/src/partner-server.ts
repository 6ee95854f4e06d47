/** Who is signed in, and what they have connected. */
export interface Visitor {
  readonly name?: string;
  readonly accounts: readonly Account[];
}

/** One login, as our own server tells of it. */
export interface Account {
  readonly id: string;
  readonly login: string;
  /** Whose calendar it is and how much is shared, in words. */
  readonly sharing: string;
  readonly calendars: readonly { readonly name: string; readonly isPrimary: boolean }[];
}

/** Asks our server how things stand. @throws Error where it does not say */
export async function loadVisitor(): Promise<Visitor> {
  const response = await fetch('/api/visitor');
  if (!response.ok) throw new Error(`status ${response.status}`);
  // Our own server.
  return (await response.json()) as Visitor;
}

/** Has our server do something. @throws Error where it does not */
export async function send(path: string, body: Readonly<Record<string, string>>): Promise<void> {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`status ${response.status}`);
}
