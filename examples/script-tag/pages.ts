import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { connectionPart, type ShownConnection } from './connection-part.ts';

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

/** Where everything is that a page names. */
export interface Places {
  /** The backend, as browsers reach it. */
  readonly publicUrl: string;
  /** Where the demo's mails are caught; `undefined` where they leave this computer. */
  readonly mailbox: string | undefined;
}

/** Every page: the element's script tag is all that a partner adds. */
export function pageWith({ publicUrl, mailbox }: Places, { title, at, body }: Part): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · Acme Scheduler</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/styles.css" />
        <script type="module" src="${publicUrl}/calendar-connect.js"></script>
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
        <footer>
          A made-up partner of Calendar Connect, on a site of its own. Its calendar providers only exist on this computer.
          ${mailbox === undefined ? '' : html`So does its mailbox: <a href="${mailbox}" target="_blank">the mails it caught</a>.`}
        </footer>
      </body>
    </html>`;
}

/** The element on a page where nobody is signed in. */
export function elementPart({ clientId, connection }: { clientId: string; connection?: ShownConnection | undefined }): Part {
  return {
    title: 'Never be double-booked',
    at: '/',
    body: html`<h1>Never be double-booked</h1>
      <p class="lead">
        Press the button, choose Google and how much to share. Then pick Amira or Jonas in the window that opens, and allow access. Change
        your mind afterwards, and look at what it does.
      </p>
      <div class="card">
        <calendar-connect client-id="${clientId}" data-tell="/calendar-connected">${label(connection)}</calendar-connect>
        ${problem}
      </div>
      ${place(connection)}
      ${aside('What happens', [
        'The window belongs to the backend and to Google. This page only learns that a calendar is connected.',
        'The page hands a receipt to Acme’s server, which redeems it with its secret. No token ever comes here.',
        'To share nothing, choose “Another calendar” and type any address. The code for it is among the mails that the demo caught.',
      ])}`,
  };
}

/** What the page has of a person who is signed in. */
export interface PersonPage {
  readonly clientId: string;
  readonly session: string;
  readonly name: string;
  readonly connection?: ShownConnection | undefined;
}

/** The element on a page whose server knows the person. */
export function personPart({ clientId, session, name, connection }: PersonPage): Part {
  return {
    title: 'Signed in',
    at: '/person',
    body: html`<h1>Hello, ${name}</h1>
      <p class="lead">
        You are signed in, so Acme’s server made this connect session for you. Press the button: the window asks whether you are ${name}.
      </p>
      <div class="card">
        <calendar-connect client-id="${clientId}" session="${session}" data-tell="/person/calendar-connected"
          >${label(connection)}</calendar-connect
        >
        ${problem}
      </div>
      ${place(connection)}
      ${aside('What is different', [
        'Whatever happens in the browser, the calendar can only land in your account.',
        'Choose another login the next time, and both are in it.',
      ])}`,
  };
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

const problem = html`<p class="problem" role="alert" id="not-told" hidden>
  The calendar is connected, but Acme’s server could not be told. Reload the page and try again.
</p>`;

/** After a reload the element does not know what is connected; our server does. */
function label(connection: ShownConnection | undefined): Markup | string {
  return connection?.account === undefined ? '' : html`<span slot="label">Connect another, or change this one</span>`;
}

/** Where `page.js` puts what the server was told. */
function place(connection: ShownConnection | undefined): Markup {
  return html`<section id="connection" tabindex="-1" aria-label="What was connected">
    ${connection === undefined ? '' : connectionPart(connection)}
  </section>`;
}

function aside(heading: string, sentences: readonly string[]): Markup {
  return html`<section class="aside">
    <h2>${heading}</h2>
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </section>`;
}
