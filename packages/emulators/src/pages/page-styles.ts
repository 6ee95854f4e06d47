/** The look of all pages, light and dark, from a narrow popup up. */
export const PAGE_STYLES = `
:root {
  --ground: #f0f4f9; --card: #fff; --text: #1f1f1f; --soft: #5a5f64; --line: #d5dae0;
  --accent: #0b57d0; --on-accent: #fff; --wash: #f2f6fc; --banner: #fff4d6; --on-banner: #5c3d00; --error: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131314; --card: #1e1f20; --text: #e3e3e3; --soft: #b4b8bd; --line: #444746;
    --accent: #a8c7fa; --on-accent: #062e6f; --wash: #282a2c; --banner: #3d2f00; --on-banner: #ffdf99; --error: #f2b8b5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
  background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif;
}
.banner { margin: 0; width: 100%; padding: 8px 16px; text-align: center; font-size: 14px; background: var(--banner); color: var(--on-banner); }
main { width: 100%; max-width: 520px; margin: auto; padding: 32px 28px; background: var(--card); }
@media (min-width: 540px) { main { border-radius: 24px; padding: 40px; margin-block: 32px; } }
@media (max-width: 539px) { body { background: var(--card); } main { margin-top: 0; } }
h1 { margin: 0 0 4px; font-size: 26px; line-height: 1.25; font-weight: 450; text-wrap: balance; }
h2, legend { margin: 28px 0 8px; padding: 0; font-size: 16px; font-weight: 600; }
fieldset { margin: 28px 0 0; padding: 0; border: 0; min-width: 0; }
legend { margin-block: 0 8px; }
p { margin: 0 0 12px; }
.soft { color: var(--soft); font-size: 14px; }
code { font: 12px/1.5 ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
form { margin-top: 20px; }
ul { list-style: none; margin: 0; padding: 0; }
.rows > :is(li, label) { border-bottom: 1px solid var(--line); }
.rows > :is(li, label):last-child { border-bottom: 0; }
.row { display: flex; gap: 14px; align-items: flex-start; padding: 14px 8px; }
.row > span:last-child > * { display: block; }
.row input { flex: none; width: 20px; height: 20px; margin: 2px 0 0; accent-color: var(--accent); }
button { font: inherit; cursor: pointer; color: inherit; background: none; border: 0; }
:is(button, input):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.account { width: 100%; align-items: center; text-align: start; border-radius: 12px; }
.account:hover, label.row:hover { background: var(--wash); }
.initial {
  flex: none; width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center;
  background: var(--accent); color: var(--on-accent); font-weight: 600;
}
.chip { display: inline-block; margin: 8px 0 0; padding: 4px 14px; border: 1px solid var(--line); border-radius: 99px; font-size: 14px; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 12px; margin-top: 32px; }
.actions button { min-height: 44px; min-width: 104px; padding: 8px 24px; border-radius: 99px; font-weight: 600; border: 1px solid var(--line); color: var(--accent); }
.actions button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.error { color: var(--error); font-weight: 600; overflow-wrap: anywhere; }
`;
