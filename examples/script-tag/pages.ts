import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Account, Profile } from './partner-api.ts';

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What one page has of its own. */
export interface Part {
  readonly title: string;
  /** The link in the navigation that leads here. */
  readonly at?: string;
  readonly body: Markup;
  readonly status?: 400;
}

const WAYS = [
  { to: '/', label: 'As a visitor' },
  { to: '/person', label: 'Signed in' },
  { to: '/authorize', label: 'Without the element' },
];

/** Every page: the element's script tag is all that a partner adds. */
export function pageWith(backend: string, { title, at, body }: Part): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · Acme Scheduler</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/styles.css" />
        <script type="module" src="${backend}/calendar-connect.js"></script>
        <script type="module" src="/page.js"></script>
      </head>
      <body>
        <header>
          <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28" />Acme Scheduler</a>
          <nav aria-label="Ways to connect">
            ${WAYS.map(({ to, label }) => html`<a href="${to}" ${to === at ? html`aria-current="page"` : ''}>${label}</a>`)}
          </nav>
        </header>
        <main>${body}</main>
        <footer>A made-up partner of Calendar Connect, on a site of its own. Its calendar providers only exist on this computer.</footer>
      </body>
    </html>`;
}

/** The element on a page where nobody is signed in. */
export function elementPart(clientId: string): Part {
  return {
    title: 'Never be double-booked',
    at: '/',
    body: html`<h1>Never be double-booked</h1>
      <p class="lead">
        Press <em>Connect your calendar</em>, choose Google and how much to share. Then pick Amira or Jonas in the window that opens, and
        allow access.
      </p>
      <div class="card">
        <calendar-connect client-id="${clientId}" data-tell="/calendar-connected"></calendar-connect>
        ${problem}
      </div>
      ${aside('What happens', [
        'The window belongs to the backend and to Google. This page only learns that a calendar is connected.',
        'The page hands a receipt to Acme’s server, which redeems it with its secret. No token ever comes here.',
      ])}`,
  };
}

/** The element on a page whose server knows the person. */
export function personPart({ clientId, session, name }: { clientId: string; session: string; name: string }): Part {
  return {
    title: 'Signed in',
    at: '/person',
    body: html`<h1>Hello, ${name}</h1>
      <p class="lead">
        You are signed in, so Acme’s server made this connect session for you. Press <em>Connect your calendar</em>: the window asks whether
        you are ${name}.
      </p>
      <div class="card">
        <calendar-connect client-id="${clientId}" session="${session}" data-tell="/person/calendar-connected"></calendar-connect>
        ${problem}
      </div>
      ${aside('What is different', [
        'Whatever happens in the browser, the calendar can only land in your account.',
        'Choose another login the next time, and both are in it.',
      ])}`,
  };
}

/** What the server learnt. The tokens behind it are not on this page, nor in this browser. */
export function connectionPart(account: Account | undefined): Part {
  if (account === undefined) {
    return {
      title: 'No longer connected',
      body: html`<h1>No longer connected</h1>
        ${disconnectForm('Start again')}`,
    };
  }
  return {
    title: 'Connected',
    body: html`<h1>Your calendar is connected</h1>
      <p class="lead">This is what Acme’s server was told. It holds the tokens; this page and your browser hold none.</p>
      ${account.profiles.map(profileCard)}
      <p class="muted">Account <code>${account.id}</code></p>
      ${disconnectForm('Disconnect')}`,
  };
}

function profileCard({ name, providerName, calendars }: Profile): Markup {
  return html`<section class="card">
    <h2>${name}</h2>
    <p class="muted">Google · ${providerName.endsWith('_free_busy') ? 'Free/busy only' : 'Full access'}</p>
    <h3>Calendars</h3>
    <ul class="calendars">
      ${calendars.length === 0 ? html`<li>None yet</li>` : ''}
      ${calendars.map(
        (calendar) =>
          html`<li>${calendar.name} ${calendar.isPrimary ? tag('primary') : ''} ${calendar.isReadOnly ? tag('read only') : ''}</li>`,
      )}
    </ul>
  </section>`;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  access_denied: 'No calendar was connected, because you did not allow it.',
  not_from_here: 'This link was not made for this browser. Nothing was connected.',
  invalid_client: 'The backend no longer knows this application. Delete the demo’s data folder and start the demo again.',
};

/** Says what did not work. */
export function problemPart(code: string): Part {
  return {
    title: 'Not connected',
    status: 400,
    body: html`<h1>Not connected</h1>
      <p class="lead">${PROBLEMS[code] ?? 'The backend could not be asked. Try again in a moment.'}</p>
      <p><a class="button" href="/">Back to the start</a></p>`,
  };
}

const problem = html`<p class="problem" role="alert" hidden>
  The calendar is connected, but Acme’s server could not be told. Reload the page and try again.
</p>`;

function aside(heading: string, sentences: readonly string[]): Markup {
  return html`<section class="aside">
    <h2>${heading}</h2>
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </section>`;
}

function tag(label: string): Markup {
  return html`<span class="tag">${label}</span>`;
}

function disconnectForm(label: string): Markup {
  return html`<form method="post" action="/disconnect"><button>${label}</button></form>`;
}
