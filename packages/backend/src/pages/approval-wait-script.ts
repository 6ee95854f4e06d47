/**
 * Watches how the approval stands and sends the form `onward` when it is time. What it must know comes as `data-` attributes of `progress`.
 *
 * Nobody may be looking, and the network may be gone for hours: it never gives up, asks no more often than every three seconds (unless woken up), and
 * where it gets no answer it waits up to a minute. A page that says why the last try failed goes on once there is news, or after a minute.
 */
export const waitScript = `
const progress = document.getElementById('progress');
const onward = document.getElementById('onward');
const { status, approved, problem, offline } = progress.dataset;
const shown = Number(progress.dataset.version);
const words = progress.textContent;
let version = shown;
let leaving = false;
let turn = new AbortController();

const pause = (ms, { signal }) => new Promise((resolve) => {
  setTimeout(resolve, ms);
  signal.addEventListener('abort', resolve, { once: true });
});

// By a GET, also where this page came as the answer to a form: nothing is sent twice.
function look() {
  leaving = true;
  location.replace(location.pathname + location.search);
}

function go(choice) {
  if (leaving) return;
  leaving = true;
  onward.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'choice', value: choice }));
  onward.submit();
}

function say(text) {
  if (progress.textContent !== text) progress.textContent = text;
}

async function ask({ signal }) {
  const address = new URL(status, location.href);
  address.searchParams.set('after', version);
  const answer = await fetch(address, { signal, cache: 'no-store', headers: { accept: 'application/json' } });
  if (!answer.ok) throw Object.assign(new Error(answer.status), { gone: [401, 403, 404, 410].includes(answer.status) });
  return answer.json();
}

async function follow({ next, version: latest }) {
  const isTyping = document.hasFocus() && document.activeElement?.matches('input');
  if (isTyping && (next === 'probe' || next === 'reload')) return pause(10000, turn);
  version = latest;
  const isTooSoon = problem && latest <= shown && performance.now() < 60000;
  if (next === 'go' && isTooSoon) await pause(10000, turn);
  else if (next === 'go') go('continue');
  else if (next === 'probe' || next === 'reload') {
    await pause(3000 - performance.now(), turn);
    if (leaving) return;
    if (next === 'probe') go('probe');
    else look();
  }
}

async function watch() {
  for (let faults = 0; !leaving; ) {
    const began = Date.now();
    const asking = (turn = new AbortController());
    const givingUp = setTimeout(() => asking.abort(), 90000);
    try {
      const answer = await ask(asking);
      faults = 0;
      say(words);
      if (!leaving) await follow(answer);
      await pause(began + 3000 - Date.now(), turn);
    } catch (error) {
      // The page itself says better than this one what has become of the session.
      if (error.gone) return setTimeout(look, 30000);
      // Woken up: that is no fault.
      if (!asking.signal.aborted) faults += 1;
      if (faults >= 3) say(offline);
      turn = new AbortController();
      await pause(asking.signal.aborted ? 1000 : Math.min(60000, 1000 * 2 ** faults) * (0.75 + Math.random() / 4), turn);
    } finally {
      clearTimeout(givingUp);
    }
  }
}

// A sleeping computer or a lost network leaves a question that nobody answers any more.
addEventListener('online', () => turn.abort());
document.addEventListener('visibilitychange', () => document.hidden || turn.abort());
// Whatever is sent first counts.
addEventListener('submit', (event) => {
  if (leaving) event.preventDefault();
  leaving = true;
});
// Back on a page that was put aside: much may have happened.
addEventListener('pageshow', (event) => event.persisted && look());

const cameBack = performance.getEntriesByType('navigation')[0]?.type === 'back_forward';
const goesOnAtOnce = approved && !problem;
progress.hidden = goesOnAtOnce && cameBack;
if (!goesOnAtOnce) watch();
else if (!cameBack) setTimeout(() => go('continue'), 1000);
`;
