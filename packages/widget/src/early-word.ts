import { fill } from '@calendar-connect/protocol';
import type { DialogView } from './dialog-template.ts';

/** A word for whoever pressed a button before the session was there. */
export function earlyWord({ view, texts }: Pick<DialogView, 'view' | 'texts'>, button: string): string {
  if (view.finishing) return texts.finishing;
  if (view.early) return view.early === 'waiting' ? texts.oneMoment : fill(texts.oneMoreClick, { button });
  return view.offer ? '' : texts.oneMoment;
}
