// The tokens are on the server by now: the event comes after the exchange said yes.
document.addEventListener('calendar-connected', () => location.reload());
