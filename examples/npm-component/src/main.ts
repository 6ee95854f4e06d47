import '@calendar-connect/widget';
import { type Account, loadVisitor, send, type Visitor } from './partner-server.ts';

function one(selector: string, within: ParentNode = document): HTMLElement {
  const found = within.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

async function refresh(): Promise<void> {
  show(await loadVisitor());
}

function show({ name, accounts }: Visitor): void {
  const isSignedIn = name !== undefined;
  one('.welcome').hidden = isSignedIn;
  one('.home').hidden = !isSignedIn;
  one('.corner').hidden = !isSignedIn;
  one('.corner .name').textContent = name ?? '';
  one('.home .name').textContent = name?.split(' ')[0] ?? '';
  one('.question').textContent = accounts.length === 0 ? 'No calendar yet' : 'Another calendar?';
  one('.accounts').replaceChildren(...accounts.map(accountCard));
}

function accountCard(account: Account): DocumentFragment {
  const card = document.importNode(one('#account') as HTMLTemplateElement, true).content;
  one('.login', card).textContent = account.login;
  one('.access', card).textContent = account.sharing;
  one('.calendars', card).replaceChildren(...account.calendars.map(calendarLine));
  one('.disconnect', card).addEventListener('click', () => act(send('/api/disconnect', { account: account.id })));
  return card;
}

function calendarLine({ name, isPrimary }: Account['calendars'][number]): HTMLLIElement {
  const line = document.createElement('li');
  line.textContent = name;
  if (isPrimary) line.append(' ', Object.assign(document.createElement('span'), { className: 'tag', textContent: 'primary' }));
  return line;
}

/** Does something at our server, and shows how things stand then. */
function act(doing: Promise<unknown>): void {
  const problem = one('.problem');
  problem.hidden = true;
  doing.then(refresh).catch((error: unknown) => {
    problem.textContent = `Acme’s server could not be asked: ${error instanceof Error ? error.message : String(error)}`;
    problem.hidden = false;
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>('.person')) {
  button.addEventListener('click', () => act(send('/api/sign-in', { person: button.value })));
}
one('.sign-out').addEventListener('click', () => act(send('/api/sign-out', {})));

// The tokens are on our server by now: the event comes after it said yes. Its fields are typed, and proof of nothing.
document.addEventListener('calendar-connected', () => {
  act(Promise.resolve());
  // A new element, for the next calendar: this one goes on saying what it connected.
  const element = one('calendar-connect');
  element.replaceWith(element.cloneNode());
});

act(Promise.resolve());
