/**
 * What no policy keeps from being looked up or connected to (`<link rel="preconnect">`), and what would carry more markup in a text of
 * its own, where this would not be seen.
 */
const LOADING_ELEMENT = /<(link|iframe|frame|frameset|object|embed|portal|fencedframe|base|meta)(?=[\s/>])/gi;

/**
 * Readies a mail's HTML for a frame with `sandbox` and the page's policy, which keep scripts, forms and pictures from elsewhere out. This
 * takes away the rest that would reach out by itself, and has links open in another window, because none may open in the frame.
 */
export function sandboxed(markup: string): string {
  return `<!doctype html><meta charset="utf-8"><base target="_blank">${markup.replace(LOADING_ELEMENT, '<removed-$1')}`;
}
