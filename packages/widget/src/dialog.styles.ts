/** The dialog. It stands with the button's, beside which it takes less room than in the dialog's own file. The colours, distances and buttons are those of `calendar-connect.styles.ts`; how far a dialog may grow is the browser's. */
export const dialogStyles = `
  dialog,
  section {
    inline-size: 31em;
    padding: 0;
  }
  section {
    max-inline-size: 100%;
  }
  dialog {
    margin: auto;
    box-shadow: 0 1em 4em #0005;
    /* What has the focus is not hidden behind the row of buttons. */
    scroll-padding-block-end: 6em;
  }
  dialog::backdrop {
    background: #0008;
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
    outline: 0;
  }
  h3 {
    font-size: 1em;
  }
  legend,
  [part='error'] {
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
    gap: 0 0.75em;
    align-items: center;
    min-block-size: 44px;
    padding: 0.5em 0.75em;
    cursor: pointer;
  }
  [part='option']:hover,
  [part='option']:has(:checked) {
    border-color: var(--_accent);
  }
  [part='option']:has(:checked) {
    background: var(--_accent-soft);
  }
  #provider {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(12em, 1fr));
    gap: 0 0.5em;
  }
  input {
    inline-size: 1.25em;
    block-size: 1.25em;
    accent-color: var(--_accent);
  }
  [part='option'] .muted {
    grid-column: 2;
  }
  [part='error'] {
    grid-column: 1 / -1;
    color: var(--_danger);
  }
  [part='field'] {
    inline-size: 100%;
    block-size: 44px;
    padding: 0.5em;
    font: inherit;
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
  [class] > li {
    padding-inline-start: 1.2em;
    text-indent: -1.2em;
  }
  [class] > li::before {
    content: '✓ ' / '';
    color: var(--_success);
  }
  .no > li::before {
    content: '✕ ' / '';
    color: var(--_text-muted);
  }
  summary,
  [part='link'] {
    padding: 0.75em 0;
    color: var(--_accent);
    cursor: pointer;
  }
  [part='link'] {
    justify-self: start;
    border: 0;
    font-weight: 400;
    text-decoration: underline;
    background: none;
  }
  .busy,
  .failed,
  [part='problem'] {
    padding-inline-start: 0.75em;
    border-inline-start: 4px solid var(--_danger);
  }
  .busy {
    border-color: var(--_accent);
  }
  @keyframes busy {
    to {
      border-color: var(--_line);
    }
  }
  [part='actions'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5em;
    padding: var(--_space) calc(var(--_space) * 1.5);
    border-block-start: 1px solid var(--_line);
  }
  dialog [part='actions'] {
    position: sticky;
    inset-block-end: 0;
    background: var(--_surface);
  }
  [part='actions']:empty {
    display: none;
  }
  [part='actions'] > * {
    flex: auto;
  }
  [part='secondary'] {
    color: var(--_text);
    background: none;
    border-color: var(--_line);
  }
  [part='secondary']:hover {
    background: var(--_surface-raised);
  }
  #said {
    position: absolute;
    inset: 0;
    clip-path: inset(50%);
  }
  @media (prefers-reduced-motion: no-preference) {
    .busy {
      animation: 1s infinite alternate busy;
    }
  }
`;
