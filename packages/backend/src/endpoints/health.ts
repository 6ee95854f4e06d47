import type { Handler } from 'hono';
import { answerJson } from './json-answer.ts';
import type { Backend } from '../backend.ts';

/** `GET /healthz`: 200 as long as the database answers. */
export function health({ store }: Pick<Backend, 'store'>): Handler {
  return async function health(c) {
    await store.ping();
    c.header('Cache-Control', 'no-store');
    return answerJson(c, { status: 'ok' });
  };
}
