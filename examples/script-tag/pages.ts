import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Userinfo } from './calendar-api.ts';

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Every page: the element's script tag is all that a partner adds. */
export function page(backend: string, body: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Acme Scheduler</title>
        <link rel="stylesheet" href="/page.css" />
        <script type="module" src="${backend}/calendar-connect.js"></script>
        <script type="module" src="/page.js"></script>
      </head>
      <body>
        <header><a href="/">Acme Scheduler</a></header>
        <main>${body}</main>
        <footer>A made-up partner of Calendar Connect, on a site of its own.</footer>
      </body>
    </html>`;
}

/** The element on a page where nobody is signed in. */
export function elementPart(clientId: string): Markup {
  return html`<h1>Never be double-booked</h1>
    <p>Connect your calendar, and Acme offers your guests only the times when you are free.</p>
    <p><calendar-connect client-id="${clientId}"></calendar-connect></p>
    <h2>Other ways to try</h2>
    <ul>
      <li><a href="/person">A page that knows who you are</a>: its server named you beforehand, and you confirm that it is you.</li>
      <li><a href="/authorize">Without the element</a>: the hosted chooser, and back here with a code.</li>
    </ul>`;
}

/** The element on a page whose server knows the person. */
export function personPart({ clientId, session, name }: { clientId: string; session: string; name: string }): Markup {
  return html`<h1>Hello, ${name}</h1>
    <p>Acme’s server made this connect session for you. Whatever happens in the browser, the calendar can only land in your account.</p>
    <p><calendar-connect client-id="${clientId}" session="${session}"></calendar-connect></p>
    <p><a href="/">Back</a></p>`;
}

/** What the server learnt. The tokens behind it are not on this page, nor in this browser. */
export function connectionPart(account: Userinfo | undefined): Markup {
  if (account === undefined)
    return html`<h1>No longer connected</h1>
      ${disconnectForm('Start again')}`;
  return html`<h1>Your calendar is connected</h1>
    <p>This is what Acme’s server was told. It holds the tokens; this page and your browser hold none.</p>
    <dl>
      <dt>Account</dt>
      <dd><code>${account.sub}</code></dd>
      ${account['cronofy.data'].profiles.map((profile) => profilePart(profile))}
    </dl>
    ${disconnectForm('Disconnect')}`;
}

function profilePart(profile: Userinfo['cronofy.data']['profiles'][number]): Markup {
  const calendars = profile.profile_calendars;
  return html`<dt>${profile.profile_name}</dt>
    <dd>
      ${profile.provider_name === 'google_free_busy' ? 'Google, free/busy only' : profile.provider_name === 'google' ? 'Google, full access' : profile.provider_name}
      <ul>
        ${calendars.length === 0 ? html`<li>No calendars yet</li>` : calendars.map((calendar) => html`<li>${calendar.calendar_name}${calendar.calendar_primary ? ' (primary)' : ''}</li>`)}
      </ul>
    </dd>`;
}

function disconnectForm(label: string): Markup {
  return html`<form method="post" action="/disconnect"><button>${label}</button></form>`;
}
