/** What the page for the IT team of an organisation says. `docs/exchange.md` says more. */
export const itTeamSentences = {
  heading: 'Exchange calendars: for the IT team',
  purpose:
    'People of your organisation connect the calendars on your own Exchange server to {service}, by Exchange Web Services: Exchange 2007 SP1 to Subscription Edition. Nothing connects from your side.',
  openHeading: 'What to open',
  from: 'HTTPS, port 443, for connections from',
  toHeading: 'to',
  fromUnknown:
    'HTTPS, port 443. The addresses that connections come from are not stated here: ask the people who run {service} for them, or let it be open to all.',
  to: [
    '/EWS/Exchange.asmx on your Exchange server, for the calendars',
    '/autodiscover/… at your mail domain, or at “autodiscover.” before it, so that people need not know the server’s address',
  ],
  plainHttp:
    'Where Autodiscover is reached by a redirect from plain HTTP, port 80 of that name too: nothing of a person is ever sent to it. Neither Outlook on the web nor ActiveSync nor SMTP is asked.',
  hasHeading: 'What the server needs',
  has: [
    'TLS 1.2 or newer, and a certificate for the server’s name with its intermediate certificates. The operator of {service} can add an authority of your own.',
    'Signing in with NTLM (NTLMv2), or with Basic where the server offers nothing else. Extended Protection may be on. Neither Kerberos alone nor tokens alone can be used.',
    'A reverse proxy or load balancer that keeps one client’s connection on one server connection, lets the sign-in through unchanged, and asks for none of its own.',
    'Exchange Web Services switched on for the mailboxes (EwsEnabled). Where an EwsApplicationAccessPolicy names programs: CalendarConnect/*.',
  ],
  whyHeading: 'Why a password, and what it is used for',
  why: 'Exchange Web Services know no permission for calendars alone: whoever signs in opens the whole mailbox. These operations are used, and no others; a test that somebody runs with their own password, when something does not work, also asks for FindFolder, GetUserAvailability, SyncFolderItems, GetRoomLists and GetRooms:',
  signingIn: 'to sign in: GetFolder of the calendar, and ConvertId, which says whose mailbox it is',
  uses: {
    full: 'with full access: GetFolder, FindFolder, FindItem, GetItem, CreateItem, UpdateItem and DeleteItem, of calendars',
    free_busy:
      'with free/busy only: GetUserAvailability. That it stays at that is a promise of {service}, because Exchange cannot limit a password',
    no_access: undefined,
  },
  kept: 'The password is typed on a page of {service} and goes to your server alone, over verified TLS. It is kept encrypted, is in no log, and is erased when the connection ends.',
  lockout:
    'Each mail address has three tries at once, and then one in ten minutes; so has each user name at one server. After a change of password the old one is tried twice. Where the service runs as several processes, each counts for itself.',
} as const;
