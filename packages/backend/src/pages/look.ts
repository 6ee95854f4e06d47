import { DARK_PALETTE, LIGHT_PALETTE, type Palette } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { mixed, readableOn, readableShade } from './contrast.ts';
import type { Markup } from './page.ts';

/** How pages look for an application. */
export interface Look {
  readonly name: string;
  /** `#rrggbb` */
  readonly accentColor?: string | undefined;
  /** A picture as a `data:` address. */
  readonly logo?: string | undefined;
  /** Where the application says what it does with calendars. */
  readonly privacyUrl?: string | undefined;
}

/** How much of the accent colour is in the background of what is chosen. All text that stands on it keeps its contrast. */
const SOFT_SHARE = 0.1;

/** The style sheet that a look adds to that of all pages; empty where it has no colour of its own. */
export function lookStyles({ accentColor }: Look): string {
  if (accentColor === undefined) return '';
  const light = variables(accentColor, LIGHT_PALETTE);
  return `:root{${light}}@media (prefers-color-scheme:dark){:root{${variables(accentColor, DARK_PALETTE)}}}`;
}

/**
 * Buttons have the colour itself, and black or white on it. Where it is written with or drawn, as links, lines and focus rings are, it is the
 * nearest shade of it that can be read on every surface.
 */
function variables(color: string, palette: Palette): string {
  const accentSoft = mixed(palette.surface, color, SOFT_SHARE);
  const accent = readableShade(color, [palette.surface, palette.surfaceRaised, accentSoft]);
  return `--accent:${accent};--accentSoft:${accentSoft};--button:${color};--onButton:${readableOn(color)}`;
}

/** What stands above a page: the logo, where there is one. */
export function lookHeader({ name, logo }: Look): Markup {
  return logo === undefined ? html`` : html`<img class="logo" src="${logo}" alt="${name}" />`;
}

/** What stands below a page: where to read what the application does with calendars. It opens apart, so that nobody loses their place. */
export function lookFooter({ name, privacyUrl }: Look): Markup {
  return privacyUrl === undefined
    ? html``
    : html`<footer><a href="${privacyUrl}" target="_blank" rel="noopener noreferrer">Privacy at ${name}</a></footer>`;
}
