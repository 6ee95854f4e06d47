import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Booking } from './booking.ts';
import type { Account, BusyTime, Profile } from './partner-api.ts';

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What the server knows of a visitor's connection. */
export interface ShownConnection {
  /** `undefined` where it has ended. */
  readonly account: Account | undefined;
  /** A sentence where the backend did not say. */
  readonly busy: readonly BusyTime[] | string;
  /** By profile. */
  readonly bookings: ReadonlyMap<string, Booking>;
  /** Where the demo's mails are caught. */
  readonly mailbox: string | undefined;
}

/** What the server learnt. The tokens behind it are not on this page, nor in this browser. */
export function connectionPart(shown: ShownConnection): Markup {
  const { account, busy } = shown;
  if (account === undefined) {
    return html`<h2>No longer connected</h2>
      ${disconnectForm('Start again')}`;
  }
  return html`<h2>Your calendar is connected</h2>
    <p>This is what Acme’s server was told. It holds the tokens; this page and your browser hold none.</p>
    ${account.profiles.map((profile) => profileCard(profile, shown))} ${availabilityCard(busy)}
    <p class="muted">Account <code>${account.id}</code></p>
    ${disconnectForm('Disconnect')}`;
}

function profileCard(profile: Profile, shown: ShownConnection): Markup {
  const { name, sharing, calendars } = profile;
  return html`<section class="card">
    <h3>${name}</h3>
    <p class="muted">${sharing}</p>
    <h4>Calendars</h4>
    <ul class="lines">
      ${calendars.length === 0 ? html`<li>None yet</li>` : ''}
      ${calendars.map(
        (calendar) =>
          html`<li>${calendar.name} ${calendar.isPrimary ? tag('primary') : ''} ${calendar.isReadOnly ? tag('read only') : ''}</li>`,
      )}
    </ul>
    ${bookingPart(profile, shown)}
  </section>`;
}

/** The call is the same in every access mode: the backend knows where the event goes. */
function bookingPart(profile: Profile, { bookings, mailbox }: ShownConnection): Markup | string {
  const primary = profile.calendars.find(({ isPrimary }) => isPrimary);
  if (primary === undefined) return '';
  const { title, problem } = bookings.get(profile.id) ?? {};
  const ids = html`<input type="hidden" name="profile" value="${profile.id}" /><input
      type="hidden"
      name="calendar"
      value="${primary.id}"
    />`;
  return html`<h4>Book an event</h4>
    <p class="muted">${profile.isWritten ? 'It is written into the calendar.' : byMail(profile.name, mailbox)}</p>
    ${problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`}
    <form class="row" method="post" action="/book" data-stays>
      ${ids}
      <label>Title <input name="title" required maxlength="100" autocomplete="off" value="${title ?? 'Interview'}" /></label>
      <button>${title === undefined ? 'Book it for tomorrow, 10:00' : 'Change it'}</button>
    </form>
    ${title === undefined ? '' : bookedForm(ids, title)}`;
}

function byMail(name: string, mailbox: string | undefined): Markup {
  const mails = mailbox === undefined ? '' : html`<a href="${mailbox}" target="_blank">Mails that this demo caught</a>`;
  return html`It goes to ${name} as an invitation by mail. What was written into the calendar before stays there. ${mails}`;
}

function bookedForm(ids: Markup, title: string): Markup {
  return html`<form class="row" method="post" action="/cancel" data-stays>
    ${ids}
    <p role="status">“${title}” is booked for tomorrow from 10:00 to 11:00.</p>
    <button>Cancel it</button>
  </form>`;
}

function availabilityCard(busy: ShownConnection['busy']): Markup {
  return html`<section class="card">
    <h3>The next days</h3>
    <p class="muted">When you are busy, over all that you connected, and not what with.</p>
    ${
      typeof busy === 'string'
        ? html`<p class="problem" role="alert">${busy}</p>`
        : html`<ul class="lines">
            ${busy.length === 0 ? html`<li>Nothing is known that you would be busy with.</li>` : ''}
            ${busy.map((time) => html`<li>${timeOf(time)} ${time.status === 'busy' ? '' : tag(time.status)}</li>`)}
          </ul>`
    }
  </section>`;
}

const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;

/** A day is written without a time, and belongs to no zone. */
function timeOf({ start, end }: BusyTime): string {
  if (!start.includes('T')) {
    const last = new Date(Date.parse(end) - 1);
    return `${new Intl.DateTimeFormat('en-GB', { ...DAY, timeZone: 'UTC' }).formatRange(new Date(start), last)}, all day`;
  }
  return new Intl.DateTimeFormat('en-GB', { ...DAY, ...CLOCK }).formatRange(new Date(start), new Date(end));
}

function tag(label: string): Markup {
  return html`<span class="tag">${label}</span>`;
}

function disconnectForm(label: string): Markup {
  return html`<form method="post" action="/disconnect"><button>${label}</button></form>`;
}
