import type { Conversation, Conversations } from '../../../outbound/conversation.ts';
import { judgeEws } from '../autodiscover/judge-ews.ts';
import { refusalOf } from '../log-in/outcome.ts';
import { ask } from '../log-in/session.ts';
import type { RefusalOfServer } from './failure.ts';

const TIMEOUT_MS = 10_000;

/** Asks an address of EWS, with nothing of the person's, whether it asks for a login as Exchange does. `undefined`: it does. */
export async function probeServer(
  url: URL,
  parts: { readonly conversations: Conversations; readonly now: () => number },
  signal?: AbortSignal,
): Promise<RefusalOfServer | undefined> {
  let conversation: Conversation | undefined;
  try {
    conversation = await parts.conversations.open(url, { signal, timeoutMs: TIMEOUT_MS });
    const asked = await ask(conversation, url.pathname, { signal, timeoutMs: TIMEOUT_MS });
    return judgeEws(asked, parts.now()) as RefusalOfServer | undefined;
  } catch (error) {
    return refusalOf(error) as RefusalOfServer;
  } finally {
    conversation?.close();
  }
}
