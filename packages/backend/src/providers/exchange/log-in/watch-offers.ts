import type { Conversation, Conversations } from '../../../outbound/conversation.ts';
import { readChallenges } from './challenges.ts';
import { noteOffer, type SchemeMemory } from './choose-scheme.ts';

/** Conversations in which every offer of NTLM is remembered, also where nobody logs in: what a look has seen holds for the login that follows. */
export function watchOffers(conversations: Conversations, memory: SchemeMemory): Conversations {
  return {
    open: async (url, init) => watched(await conversations.open(url, init), memory),
    askPlainRedirect: (host, path, init) => conversations.askPlainRedirect(host, path, init),
  };
}

function watched(conversation: Conversation, memory: SchemeMemory): Conversation {
  const { origin } = conversation;
  return {
    origin,
    get open() {
      return conversation.open;
    },
    get serverEndPoint() {
      return conversation.serverEndPoint;
    },
    async fetch(path, init) {
      const response = await conversation.fetch(path, init);
      if (response.status === 401) {
        noteOffer({ challenges: readChallenges(response.headers.get('www-authenticate')), host: new URL(origin).host }, memory);
      }
      return response;
    },
    close: () => conversation.close(),
  };
}
