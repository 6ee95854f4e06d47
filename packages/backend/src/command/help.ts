import { SETTINGS } from './settings.ts';

const USAGE = `Calendar Connect: connects people's calendars and serves them to partners.

  calendar-connect serve [--port N] [--url PUBLIC_URL] [--data DIR] [--emulators]
      Runs the backend. --emulators adds calendar providers and meeting services that only exist on this computer, to try everything with,
      and catches all mail in a mailbox there, unless SMTP_URL is set.

  calendar-connect application create --name NAME --redirect-uri URI … --origin ORIGIN … [FEATURES] [--data DIR] [--json]
      Registers a partner's application. Redirect URIs and origins may be given several times. The client secret is shown once.

  calendar-connect application list [--data DIR] [--json]
  calendar-connect application show CLIENT_ID [--data DIR] [--json]

  calendar-connect application set CLIENT_ID [--name NAME] [--redirect-uri URI …] [--origin ORIGIN …] [FEATURES] [--data DIR] [--json]
      Changes an application; a running backend obeys at once. Lists take the place of those before: --add-redirect-uri URI and
      --add-origin ORIGIN add to them, and none empties them.
      --client-secret-stdin reads its client secret from standard input: needed once, for a notification URL of an application that was
      registered before there were notifications, because they are signed with it.

  FEATURES, where none takes a value away:
      --access-mode MODE …           full, free_busy (default: both) and no_access, which needs SMTP_URL (--emulators will do)
      --default-access-mode MODE     the one that is marked when a chooser opens
      --provider ID …                what people can choose from, in this order: google, microsoft, exchange, none (a calendar that is
                                     with none of them, in mode no_access); all for everything that is set up (default)
      --scope "SCOPE …"              what it gets when it asks for nothing, and the most it may ask for (default: free_busy_write, with
                                     which it may ask for any); people choose between modes where free_busy_write is among them
      --accent-color "#RRGGBB"       buttons and links of hosted pages
      --logo FILE                    PNG, JPEG or WebP, at most 32 KiB
      --privacy-url URL              where the application says what it does with calendars
      --organizer-name NAME, --organizer-email ADDRESS, --reply-to ADDRESS
                                     whom its invitations are from (default: its name, and the address of MAIL_FROM), and where answers go
      --notification-url URL | --no-notification-url
                                     where the partner's server is told of what happens, such as that somebody waits for an administrator
      --mails-approvals | --no-mails-approvals
                                     whether whoever waited for an administrator gets a mail when they can go on; it needs SMTP_URL

  calendar-connect application provider-client set CLIENT_ID PROVIDER --provider-client-id ID < FILE
  calendar-connect application provider-client list CLIENT_ID
  calendar-connect application provider-client remove CLIENT_ID PROVIDER
      Its own OAuth client at a provider, so that the consent screen names the partner. The client secret comes from standard input.
      Connections that were made with another client keep that.

  calendar-connect exchange servers list [CLIENT_ID] [--json]
  calendar-connect exchange servers add CLIENT_ID DOMAIN SERVER [--user-domain NAME]
  calendar-connect exchange servers allow|remove CLIENT_ID DOMAIN SERVER
      Where people of a mail domain are sent to sign in to Exchange: what their colleagues' connections have shown, and what you say.
      Servers that somebody typed and that are not of the domain itself wait until you allow them.

  calendar-connect doctor exchange ADDRESS [--server HOST] [--password-stdin] [--user-name NAME] [--application CLIENT_ID] [--report FILE]
      Looks for the Exchange server of a mail address, step by step, and says what was tried, what answered and what that means. Without
      --password-stdin only the address is sent. --application asks the servers first that are remembered or allowed for its people, as its
      page does. --report writes it down for the organisation's IT team. Ends with 0 where a server was found, or let the login in.

  calendar-connect --help

Settings; a flag beats the environment:
`;

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.values(SETTINGS).map((setting) => {
    const flag = setting.flag === undefined ? '' : `, --${setting.flag}`;
    return `  ${setting.variable}=${setting.value}${flag}\n      ${setting.help}`;
  });
  return `${USAGE}${rows.join('\n')}\n`;
}
