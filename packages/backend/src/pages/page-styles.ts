import { DARK_PALETTE, LIGHT_PALETTE, type Palette } from '@calendar-connect/protocol';

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** One style sheet for all hosted pages, in the element's colours. */
export const pageStyles: string = `
:root{color-scheme:light dark;--button:var(--accent);--onButton:var(--onAccent);${variables(LIGHT_PALETTE)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK_PALETTE)}}}
*{box-sizing:border-box}
body{margin:0;min-block-size:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--surfaceRaised);color:var(--text);
font:1rem/1.5 system-ui,sans-serif}
main{inline-size:min(28rem,100%);background:var(--surface);border-radius:1rem;padding:clamp(1.25rem,5vw,2rem);
box-shadow:0 1px 2px rgb(0 0 0/.08),0 8px 24px rgb(0 0 0/.08);overflow-wrap:anywhere}
.logo{display:block;max-block-size:2.5rem;max-inline-size:min(14rem,100%);object-fit:contain;border-radius:.375rem;margin-block-end:1rem}
@media (prefers-color-scheme:dark){.logo{padding:.25rem;background:#fff}}
footer{margin-block-start:1.5rem;font-size:.875rem}
h1{font-size:1.375rem;line-height:1.3;margin:0 0 .5rem;text-wrap:balance}
h2{font-size:1rem;line-height:1.4;margin:1.5rem 0 .25rem}
p{margin:.5rem 0}
[hidden]{display:none!important}
.spoken{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
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
.steps{padding-inline-start:1.5rem;margin-block:1.25rem}
.steps>li::marker{font-weight:600}
.steps h2{margin-block:1rem 0}
.quoted{border-inline-start:3px solid var(--line);padding-inline-start:1rem;margin-block:.5rem}
.notice{border:1px solid var(--danger);border-inline-start-width:.375rem;border-radius:.625rem;padding:.25rem 1rem;margin-block:1rem}
.problem{color:var(--danger);font-weight:600}
.progress{display:grid;grid-template-columns:auto 1fr;gap:.75rem;align-items:baseline;color:var(--textMuted)}
.progress::before{content:'';inline-size:.625rem;block-size:.625rem;border-radius:50%;background:var(--accent)}
@media (prefers-reduced-motion:no-preference){.progress::before{animation:breathe 2s ease-in-out infinite alternate}}
@keyframes breathe{to{opacity:.25}}
label[for]{display:block;font-weight:600;margin-block-end:.25rem}
form+details,form+.progress{margin-block-start:1.25rem}
textarea,.copyable input,.field input{font:inherit;inline-size:100%;min-block-size:44px;padding:.5rem .75rem;border:1px solid var(--line);
border-radius:.625rem;background:var(--surface);color:var(--text)}
textarea,.copyable input{font:.875rem/1.5 ui-monospace,monospace;background:var(--surfaceRaised)}
textarea{display:block;resize:vertical;overflow-wrap:anywhere;field-sizing:content}
.copyable input{text-overflow:ellipsis}
.field input.digits{font:1.5rem/1.5 ui-monospace,monospace;letter-spacing:.2em;max-inline-size:12rem}
[aria-invalid=true]{border-color:var(--danger)!important}
.field,.copyable{margin-block:1rem}
.copyable .line{display:flex;gap:.5rem}
.copyable button{flex:none}
textarea+button{margin-block-start:.5rem}
.copied{color:var(--success);font-size:.9375rem}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-block-start:1.5rem}
button,.button{font:inherit;font-weight:600;min-block-size:44px;padding:.5rem 1.25rem;border-radius:.625rem;border:1px solid var(--accent);
background:var(--button);color:var(--onButton);cursor:pointer;text-decoration:none;display:inline-grid;place-items:center}
.quiet{padding-inline:1rem;background:transparent;color:var(--text);border-color:var(--line)}
a{color:var(--accent)}
a.button{color:var(--onButton)}
a.quiet{color:var(--text)}
button:focus-visible,a:focus-visible,summary:focus-visible,textarea:focus-visible,.copyable input:focus-visible,.field input:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media (forced-colors:active){.choice:has(:checked){border-width:3px}button,.button{border-color:ButtonBorder}.progress::before{forced-color-adjust:none}}
`;
