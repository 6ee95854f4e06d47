/** What the mailbox looks like, besides what all pages have. */
export const MAILBOX_STYLES = `
main { max-width: 1040px; margin-block: 0 auto; }
@media (min-width: 540px) { main { padding: 32px; margin-block: 32px; } }
@media (min-width: 540px) and (max-width: 1080px) { main { width: calc(100% - 32px); } }
a { color: var(--accent); text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible, iframe:focus-visible, pre:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 8px; }
bdi { overflow-wrap: anywhere; }
h1 { overflow-wrap: anywhere; }
.lead { margin-bottom: 24px; }
.columns { display: grid; gap: 24px; }
.columns > * { min-width: 0; }
.recipients ul { display: flex; flex-wrap: wrap; gap: 8px; }
.recipients a {
  display: flex; gap: 8px; justify-content: space-between; align-items: baseline; padding: 6px 14px;
  border: 1px solid var(--line); border-radius: 99px; font-size: 14px; text-decoration: none; color: var(--text); overflow-wrap: anywhere;
}
.recipients a:hover { background: var(--wash); }
.recipients a[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.recipients .count { font-variant-numeric: tabular-nums; opacity: .8; }
@media (min-width: 860px) {
  .columns { grid-template-columns: 250px minmax(0, 1fr); gap: 32px; }
  .recipients ul { flex-direction: column; flex-wrap: nowrap; }
  .recipients a { border-color: transparent; border-radius: 12px; }
}
.mails a.mail {
  display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 16px; padding: 14px 12px; margin-inline: -12px;
  border-radius: 12px; text-decoration: none; color: inherit;
}
.mails a.mail:hover { background: var(--wash); }
.mails .subject { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: baseline; font-weight: 600; overflow-wrap: anywhere; }
.mails .subject bdi { overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.mails .snippet { grid-column: 1 / -1; color: var(--soft); font-size: 14px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.mails time, .people { color: var(--soft); font-size: 14px; }
.mails time { line-height: 24px; }
.people { grid-column: 1 / -1; }
@media (max-width: 539px) { .mails a.mail { grid-template-columns: minmax(0, 1fr); } .mails time { order: 1; } }
.badge {
  padding: 1px 9px; border-radius: 99px; font-size: 12px; font-weight: 600;
  background: var(--wash); border: 1px solid var(--line); color: var(--accent); white-space: nowrap;
}
.badge.withdrawn, .warning { color: var(--error); }
.warning { font-weight: 600; }
.empty { padding: 48px 16px; text-align: center; border: 1px dashed var(--line); border-radius: 16px; }
.empty p:last-child { margin: 0; }
dl { display: grid; grid-template-columns: 9.5em minmax(0, 1fr); gap: 6px 16px; margin: 16px 0 0; }
dt { color: var(--soft); font-size: 14px; line-height: 24px; }
dd { margin: 0; overflow-wrap: anywhere; }
dd > ul > li + li { margin-top: 4px; }
@media (max-width: 539px) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 10px; } }
.event { margin-top: 12px; padding: 4px 20px 20px; border: 1px solid var(--line); border-radius: 16px; }
section { margin-top: 32px; }
section > h2 { margin-top: 0; }
pre {
  margin: 0; padding: 16px 20px; max-height: 480px; overflow: auto; border-radius: 16px; background: var(--wash);
  font: 14px/1.6 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
}
iframe { display: block; width: 100%; height: 340px; min-height: 120px; border: 1px solid var(--line); border-radius: 16px; resize: vertical; }
details { margin-block: 16px 12px; }
section > p:last-child, details:last-child { margin-bottom: 0; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
details pre { margin-top: 12px; }
`;
