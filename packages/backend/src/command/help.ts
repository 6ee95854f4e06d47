import { SETTINGS } from './settings.ts';

const USAGE = `Calendar Connect: connects people's calendars and serves them to partners.

  calendar-connect serve [--port N] [--url PUBLIC_URL] [--data DIR] [--emulators]
      Runs the backend. --emulators adds calendar providers that only exist on this computer, to try everything with.

  calendar-connect application create --name NAME --redirect-uri URI … --origin ORIGIN … [--notification-url URL] [--mails-approvals]
                                      [--data DIR] [--json]
      Registers a partner's application. Redirect URIs and origins may be given several times. The client secret is shown once.
      --notification-url is where the partner's server is told of what happens, such as that somebody waits for an administrator.
      --mails-approvals sends whoever waited for an administrator a mail when they can go on; it needs SMTP_URL.

  calendar-connect application list [--data DIR] [--json]
  calendar-connect application show CLIENT_ID [--data DIR] [--json]

  calendar-connect application set CLIENT_ID [--notification-url URL | --no-notification-url] [--client-secret-stdin]
                                   [--mails-approvals | --no-mails-approvals] [--data DIR] [--json]
      Changes an application. --client-secret-stdin reads its client secret from standard input: needed once, for a notification URL of an
      application that was registered before there were notifications, because they are signed with it.

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
