import { ACCESS_MODES, type AccessMode, type ChangedConnection, fill, type OfferedProvider } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import type { Markup } from './page.ts';

/** What an access mode shares and what it does not, in plain words. */
export function shares(application: string, accessMode: AccessMode): Markup {
  const mode = en.accessModes[accessMode];
  const names = { application };
  return html`${list(fill(en.sharedHeading, names), mode.shared)} ${list(fill(en.notSharedHeading, names), mode.notShared)}
  ${mode.remark === undefined ? '' : html`<p>${fill(mode.remark, names)}</p>`}`;
}

/** A connection that is about to get another access mode. */
export interface ModeChange {
  readonly connection: ChangedConnection;
  /** The connection's provider, as the session offers it. */
  readonly provider: OfferedProvider;
  readonly accessMode: AccessMode;
}

/** What another mode ends, what stays allowed at the provider all the same, and whether the provider asks once more. Nothing where the mode stays. */
export function changes(application: string, { connection, provider, accessMode }: ModeChange): Markup {
  const names = { application, provider: providerLabel(provider) };
  const less = ACCESS_MODES.indexOf(accessMode) - ACCESS_MODES.indexOf(connection.access_mode);
  if (less === 0) return html``;
  const { shared } = en.accessModes[accessMode];
  const ends = en.accessModes[connection.access_mode].shared.filter((sentence) => !shared.includes(sentence));
  const asked = provider.access_modes.find((mode) => mode.access_mode === accessMode)?.scopes ?? [];
  return html`${less > 0 ? list(fill(en.endsHeading, names), ends) : ''}
  ${
    less > 0 && provider.keeps_permissions_at !== undefined
      ? html`<p>${fill(en.keptAt, names)} ${provider.keeps_permissions_at.map(outsideLink)}</p>`
      : asked.length > 0 && connection.access_mode !== 'no_access'
        ? html`<p>${less > 0 ? `${en.endsFirst} ` : ''}${fill(en.asksAgain, names)}</p>`
        : ''
  }`;
}

/** A provider as people know it. */
export function providerLabel({ id, name }: Pick<OfferedProvider, 'id' | 'name'>): string {
  return en.providers[id] ?? name;
}

function list(heading: string, sentences: readonly string[]): Markup {
  return html`${heading}
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>`;
}

function outsideLink(address: string): Markup {
  return html`<a href="${address}" target="_blank" rel="noopener noreferrer">${address.replace('https://', '')}</a> `;
}
