import { DARK_PALETTE, LIGHT_PALETTE, type Palette } from '@calendar-connect/protocol';

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** One style sheet for all hosted pages, in the element's colours. */
export const pageStyles: string = `
:root{color-scheme:light dark;${variables(LIGHT_PALETTE)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK_PALETTE)}}}
*{box-sizing:border-box}
body{margin:0;min-block-size:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--surfaceRaised);color:var(--text);
font:1rem/1.5 system-ui,sans-serif}
main{inline-size:min(28rem,100%);background:var(--surface);border-radius:1rem;padding:clamp(1.25rem,5vw,2rem);
box-shadow:0 1px 2px rgb(0 0 0/.08),0 8px 24px rgb(0 0 0/.08);overflow-wrap:anywhere}
h1{font-size:1.375rem;line-height:1.3;margin:0 0 .5rem;text-wrap:balance}
p{margin:.5rem 0}
.muted{color:var(--textMuted)}
.code{color:var(--textMuted);font-size:.875rem;margin-block-start:1.5rem}
fieldset{border:0;margin:1.25rem 0 0;padding:0}
legend{font-weight:600;padding:0;margin-block-end:.5rem}
.choice{display:grid;grid-template-columns:auto 1fr;gap:0 .75rem;align-items:start;min-block-size:44px;padding:.75rem;
border:1px solid var(--line);border-radius:.625rem;margin-block-start:.5rem;cursor:pointer}
.choice:has(:checked){border-color:var(--accent);background:var(--accentSoft);box-shadow:inset 0 0 0 1px var(--accent)}
.choice:has(:focus-visible){outline:3px solid var(--accent);outline-offset:2px}
.choice input{inline-size:1.25rem;block-size:1.25rem;margin:.125rem 0 0;accent-color:var(--accent);outline:0}
.choice .muted{grid-column:2;font-size:.9375rem}
.shares{display:none;font-size:.9375rem;padding:.5rem .75rem 0 2.75rem}
.option:has(:checked) .shares{display:block}
ul{margin:.25rem 0 .5rem;padding-inline-start:1.25rem}
details{margin-block-start:.25rem}
summary{cursor:pointer;min-block-size:24px}
code{font-size:.8125rem}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-block-start:1.5rem}
button,.button{font:inherit;font-weight:600;min-block-size:44px;padding:.5rem 1.25rem;border-radius:.625rem;border:1px solid transparent;
background:var(--accent);color:var(--onAccent);cursor:pointer;text-decoration:none;display:inline-grid;place-items:center}
.quiet{background:transparent;color:var(--text);border-color:var(--line)}
a{color:var(--accent)}
a.button{color:var(--onAccent)}
a.quiet{color:var(--text)}
button:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media (forced-colors:active){.choice:has(:checked){border-width:3px}button,.button{border-color:ButtonBorder}}
`;
