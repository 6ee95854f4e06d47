// The partner's own script. It hands the receipt to the partner's server, which alone can redeem it: after the first connection, and after
// every change of what is shared.
document.addEventListener('calendar-connected', (event) => void tellServer(event.target.dataset.tell, event.receipt));

async function tellServer(address, receipt) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ receipt }) });
  document.querySelector('#not-told').hidden = response.ok;
  if (response.ok) showConnection('GET', '/');
}

// Forms that would load the page anew, and the element would forget what it shows.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!('stays' in form.dataset)) return;
  event.preventDefault();
  showConnection('POST', form.action, new URLSearchParams(new FormData(form)));
});

// Takes what the server's answer says of the connection, and leaves the element as it is. Asked for as a document, because the page's policy
// forbids innerHTML.
function showConnection(method, address, body) {
  const request = new XMLHttpRequest();
  request.responseType = 'document';
  request.addEventListener('load', () => {
    const shown = request.response?.querySelector('#connection');
    if (!shown) return location.assign('/');
    document.querySelector('#connection').replaceWith(shown);
    // The button that was pressed is gone; whoever goes by keyboard goes on here.
    if (method === 'POST') shown.focus({ preventScroll: true });
  });
  request.addEventListener('error', () => location.assign('/'));
  request.open(method, address);
  request.send(body);
}
