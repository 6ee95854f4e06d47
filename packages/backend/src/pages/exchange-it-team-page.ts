import { type AccessMode, fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { itTeamSentences as sentences } from './exchange-it-team-sentences.ts';
import type { Markup, Page } from './page.ts';

/** What an IT team is told. */
export interface ExchangeItTeamView {
  /** The host that people know this backend by. */
  readonly service: string;
  /** Where connections come from; none: the operator has not said. */
  readonly egressAddresses: readonly string[];
  readonly accessModes: readonly AccessMode[];
}

/** Says to an IT team what to open, why a whole mailbox is signed in to, and what of it is used. */
export function exchangeItTeamPage({ service, egressAddresses, accessModes }: ExchangeItTeamView): Page {
  const say = (sentence: string): string => fill(sentence, { service });
  const list = (items: readonly string[]): Markup =>
    html`<ul>
      ${items.map((item) => html`<li>${say(item)}</li>`)}
    </ul>`;
  return {
    title: sentences.heading,
    body: html`<h1>${sentences.heading}</h1>
      <p>${say(sentences.purpose)}</p>
      <h2>${sentences.openHeading}</h2>
      ${egressAddresses.length === 0 ? html`<p>${say(sentences.fromUnknown)}</p>` : addressList(egressAddresses)} ${list(sentences.to)}
      <p class="muted">${sentences.plainHttp}</p>
      <h2>${sentences.hasHeading}</h2>
      ${list(sentences.has)}
      <h2>${sentences.whyHeading}</h2>
      <p>${sentences.why}</p>
      ${list([sentences.signingIn, ...accessModes.flatMap((mode) => sentences.uses[mode] ?? [])])}
      <p>${say(sentences.kept)}</p>
      <p>${sentences.lockout}</p>`,
  };
}

function addressList(addresses: readonly string[]): Markup {
  return html`<p>${sentences.from}</p>
    <ul>
      ${addresses.map((address) => html`<li><code>${address}</code></li>`)}
    </ul>
    <p>${sentences.toHeading}</p>`;
}
