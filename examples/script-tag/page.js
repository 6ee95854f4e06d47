// The partner's own script: hands the receipt to the partner's server, which alone can redeem it.
document.addEventListener('calendar-connected', (event) => void tellServer(event.receipt));

async function tellServer(receipt) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch('/calendar-connected', { method: 'POST', headers, body: JSON.stringify({ receipt }) });
  if (response.ok) location.assign('/');
}
