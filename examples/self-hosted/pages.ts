import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Account, Profile } from '../script-tag/partner-api.ts';
import type { Person } from './people.ts';

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

interface Page {
  readonly title: string;
  readonly head?: Markup;
  readonly corner?: Markup;
  readonly body: Markup;
}

function page({ title, head, corner, body }: Page): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · Alder Rooms</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/styles.css" />
        ${head ?? ''}
      </head>
      <body>
        <header>
          <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28" />Alder Rooms</a>
          ${corner ?? ''}
        </header>
        <main>${body}</main>
        <footer>A made-up product with Calendar Connect inside of it. Its Google only exists on this computer.</footer>
      </body>
    </html>`;
}

/** Where nobody is signed in. An app of yours asks for more than a click. */
export function signInPage(people: readonly Person[]): Markup {
  return page({
    title: 'Sign in',
    body: html`<h1>Rooms that know when you are free</h1>
      <p class="lead">Sign in to connect your calendar. Whoever you sign in as, the calendar becomes theirs.</p>
      <form class="card people" method="post" action="/sign-in">
        <h2>Who are you?</h2>
        ${people.map(
          ({ id, name }) =>
            html`<button name="person" value="${id}"><span class="initial" aria-hidden="true">${name.slice(0, 1)}</span>${name}</button>`,
        )}
      </form>`,
  });
}

/** What a person has connected, and the element to connect more with. */
export function homePage(shown: {
  readonly person: Person;
  readonly accounts: readonly Account[];
  readonly publicUrl: string;
  readonly clientId: string;
}): Markup {
  const { person, accounts, publicUrl, clientId } = shown;
  const [firstName = person.name] = person.name.split(' ');
  return page({
    title: 'Your calendars',
    head: html`<script type="module" src="${new URL(publicUrl).pathname}/calendar-connect.js"></script>
      <script type="module" src="/page.js"></script>`,
    corner: html`<form class="corner" method="post" action="/sign-out"><span>${person.name}</span><button>Sign out</button></form>`,
    body: html`<h1>Hello, ${firstName}</h1>
      <p class="lead">
        ${
          accounts.length === 0
            ? 'Connect your calendar, and rooms are offered only when you are free.'
            : 'Rooms are offered only when all of these are free.'
        }
      </p>
      ${accounts.map(accountCard)}
      <div class="card connect">
        <h2>${accounts.length === 0 ? 'No calendar yet' : 'Another calendar?'}</h2>
        <calendar-connect client-id="${clientId}" exchange="/exchange"></calendar-connect>
      </div>`,
  });
}

function accountCard({ id, profiles }: Account): Markup {
  return html`<section class="card">
    ${profiles.map(profilePart)}
    <form method="post" action="/disconnect"><button name="account" value="${id}">Disconnect</button></form>
  </section>`;
}

function profilePart({ name, sharing, calendars }: Profile): Markup {
  return html`<h2>${name}</h2>
    <p class="muted">${sharing}</p>
    <ul class="calendars">
      ${calendars.length === 0 ? html`<li>Its calendars come in a moment. Reload the page to see them.</li>` : ''}
      ${calendars.map(
        (calendar) =>
          html`<li>${calendar.name} ${calendar.isPrimary ? tag('primary') : ''} ${calendar.isReadOnly ? tag('read only') : ''}</li>`,
      )}
    </ul>`;
}

function tag(label: string): Markup {
  return html`<span class="tag">${label}</span>`;
}
