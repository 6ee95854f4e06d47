import { SETTINGS } from './settings.ts';

const USAGE = `Calendar Connect: connects people's calendars and serves them to partners.

  calendar-connect serve [--port N] [--url PUBLIC_URL] [--data DIR] [--emulators]
      Runs the backend. --emulators adds calendar providers that only exist on this computer, to try everything with.

  calendar-connect application create --name NAME --redirect-uri URI … --origin ORIGIN … [--data DIR] [--json]
      Registers a partner's application. Both addresses may be given several times. The client secret is shown once.

  calendar-connect application list [--data DIR] [--json]
  calendar-connect application show CLIENT_ID [--data DIR] [--json]

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
