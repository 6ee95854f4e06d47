// The one route that makes tokens out of nothing. `npm run bench -- serve` puts it before the published command, which knows nothing of it:
// what asks for it is passed on to the benchmark, and for everything else the beginning of the path is compared. Plain JavaScript, because
// Node would load its compiler into the server for TypeScript.
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { pipeline } from 'node:stream';

const ROUTE = '/__bench/seed';
const { BENCH_SEEDS_AT: seedsAt } = process.env;
const { createServer } = http;

http.createServer = (...parts) => {
  const answer = parts.pop();
  return createServer(...parts, (request, response) => (request.url.startsWith(ROUTE) ? passOn : answer)(request, response));
};
syncBuiltinESMExports();

function passOn({ method, url }, response) {
  const asked = http.request(`${seedsAt}${url}`, { method, agent: false }, (answer) => {
    response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] ?? 'text/plain' });
    pipeline(answer, response, () => undefined);
  });
  asked.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  asked.end();
}

// The benchmark is gone, however that came about: nobody else knows of this server.
process.stdin.once('end', () => process.kill(process.pid, 'SIGTERM')).resume();
process.stdin.unref();
