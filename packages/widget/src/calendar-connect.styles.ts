import { DARK_PALETTE, LIGHT_PALETTE, type Palette } from '@calendar-connect/protocol';

/** Each colour of the shared palette, light or dark as the page's `color-scheme` is, unless the page sets its own. */
const colours = (Object.keys(LIGHT_PALETTE) as (keyof Palette)[]).map((name) => {
  const property = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--_${property}:var(--calendar-connect-${property},light-dark(${LIGHT_PALETTE[name]},${DARK_PALETTE[name]}));`;
});

/** Everything outside of the dialog, and the names that the dialog's styles use. */
export const styles: string = `
  :host {
    ${colours.join('')}
    --_radius: var(--calendar-connect-radius, 0.625em);
    --_space: var(--calendar-connect-spacing, 1em);
    display: inline-block;
    max-inline-size: 100%;
    /* Not rem: pages that set 10px on their root would shrink it. */
    font: 400 var(--calendar-connect-font-size, medium) / 1.45 var(--calendar-connect-font, system-ui, sans-serif);
    color: var(--_text);
    text-align: start;
    overflow-wrap: anywhere;
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  * {
    box-sizing: border-box;
    margin: 0;
  }
  svg {
    flex: none;
    inline-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linejoin: round;
  }
  button,
  a {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-block-size: max(44px, 2.75em);
    padding: 0.5em var(--_space);
    border: 1px solid transparent;
    border-radius: var(--_radius);
    font: inherit;
    font-weight: 600;
    color: var(--_on-accent);
    background: var(--_accent);
    cursor: pointer;
    text-decoration: none;
  }
  button:hover,
  a:hover {
    filter: brightness(0.9);
  }
  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  .muted,
  [part='notice'] {
    font-size: 0.875em;
    color: var(--_text-muted);
  }
  .card {
    display: flex;
    align-items: start;
    gap: 0.75em;
    max-inline-size: 26em;
    padding: var(--_space);
  }
  .card,
  dialog,
  section,
  [part='option'],
  [part='field'] {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    color: var(--_text);
    background: var(--_surface);
  }
  [part='notice'] {
    margin-block-start: 0.75em;
  }
  .card svg {
    color: var(--_success);
  }
  .card span {
    display: block;
  }
`;
