/** The dialog. The colours, distances and buttons are those of `calendar-connect.styles.ts`. */
export const dialogStyles = `
  dialog {
    inline-size: min(31em, 100vw - 2em);
    max-inline-size: none;
    max-block-size: calc(100dvh - 2em);
    margin: auto;
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.5);
    color: var(--_text);
    background: var(--_surface);
    box-shadow: 0 1em 4em rgb(0 0 0 / 0.3);
    /* What has the focus is not hidden behind the row of buttons. */
    scroll-padding-block-end: 6em;
  }
  dialog::backdrop {
    background: rgb(10 14 24 / 0.55);
  }
  .body {
    display: grid;
    gap: var(--_space);
    padding: calc(var(--_space) * 1.5);
  }
  h2 {
    font-size: 1.3em;
  }
  /* Where the reading begins, not something to press. */
  h2:focus {
    outline: none;
  }
  h3 {
    font-size: 1em;
  }
  h3,
  legend,
  strong {
    font-weight: 600;
  }
  fieldset {
    min-inline-size: 0;
    padding: 0;
    border: 0;
  }
  fieldset > * {
    margin-block-end: 0.5em;
    padding: 0;
  }
  [part='option'] {
    display: grid;
    grid-template-columns: auto 1fr;
    column-gap: 0.75em;
    align-items: center;
    min-block-size: 44px;
    padding: 0.5em 0.875em;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    cursor: pointer;
  }
  [part='option']:hover {
    border-color: var(--_accent);
  }
  [part='option']:has(:checked) {
    border-color: var(--_accent);
    background: var(--_accent-soft);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }
  #provider {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(12em, 1fr));
    column-gap: 0.5em;
  }
  input {
    inline-size: 1.2em;
    block-size: 1.2em;
    accent-color: var(--_accent);
  }
  [part='option'] .muted {
    grid-column: 2;
  }
  [part='error'] {
    grid-column: 1 / -1;
    font-weight: 600;
    color: var(--_danger);
  }
  [part='sharing'],
  [part='hint'] {
    display: grid;
    gap: 0.75em;
    padding: var(--_space);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
  }
  ul {
    padding: 0;
    list-style: none;
  }
  .yes > li,
  .no > li {
    padding-inline-start: 1.5em;
  }
  .yes > li::before,
  .no > li::before {
    content: '✓' / '';
    float: inline-start;
    margin-inline-start: -1.5em;
    font-weight: 700;
    color: var(--_success);
  }
  .no > li::before {
    content: '✕' / '';
    color: var(--_text-muted);
  }
  summary {
    padding-block: 0.7em;
    color: var(--_accent);
    cursor: pointer;
  }
  .busy {
    display: flex;
    gap: 0.75em;
  }
  .busy::before {
    content: '';
    flex: none;
    inline-size: 1.25em;
    block-size: 1.25em;
    border: 3px solid var(--_accent);
    border-block-start-color: transparent;
    border-radius: 50%;
    animation: turn 1s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  .failed {
    padding-inline-start: 0.875em;
    border-inline-start: 4px solid var(--_danger);
  }
  [part='actions'] {
    position: sticky;
    inset-block-end: 0;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: end;
    gap: 0.6em;
    padding: var(--_space) calc(var(--_space) * 1.5);
    border-block-start: 1px solid var(--_line);
    background: var(--_surface);
  }
  [part='actions']:empty {
    display: none;
  }
  [part='actions'] p {
    flex: auto;
  }
  [part='secondary'] {
    color: var(--_text);
    background: transparent;
    border-color: var(--_line);
  }
  [part='secondary']:hover {
    background: var(--_surface-raised);
  }
  dialog > [role='status'] {
    position: absolute;
    inset: 0 auto auto 0;
    clip-path: inset(50%);
  }
  @media (width < 30em) {
    [part='actions'] button {
      flex: auto;
    }
  }
  @media (prefers-reduced-motion) {
    .busy::before {
      animation: none;
    }
  }
`;
