import type { DialogView } from './dialog-template.ts';

/** A word for whoever pressed a button before the session was there. */
export function earlyWord({ view, texts }: Pick<DialogView, 'view' | 'texts'>): string {
  if (view.early === 'press-again') return texts.oneMoreClick;
  return view.early || !view.offer ? texts.oneMoment : '';
}
