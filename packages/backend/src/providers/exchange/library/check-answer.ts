import { type EwsRefusal, refusal } from '../../ews/caller.ts';
import { readAnswer } from '../../ews/soap.ts';

/** A page of 512 changes has some three thousand tags; for 120,000 the library needs a second, in which nobody else is answered. */
const MAX_TAGS = 40_000;

/** An answer that is good: the library is given no other. */
export interface GoodAnswer {
  readonly refused: false;
  readonly text: string;
}

/** Reads an answer before the library does, by the reader and the table of codes of all other operations. Its body is used up. */
export async function checkAnswer(response: Response, nowMs: number): Promise<GoodAnswer | EwsRefusal> {
  const [text, { answer }] = await Promise.all([response.clone().text(), readAnswer(response, nowMs)]);
  if (answer.refused) return answer;
  const [first, ...more] = answer.messages;
  if (first === undefined || more.length > 0) return refusal({ status: 200 });
  return first.refused ? first : goodIfSmall(text);
}

function goodIfSmall(text: string): GoodAnswer | EwsRefusal {
  return text.split('<', MAX_TAGS + 1).length > MAX_TAGS ? refusal({ noAnswer: 'too_large' }) : { refused: false, text };
}
