import type { AccessMode } from '@calendar-connect/protocol';

/** What the form says, and to whom. */
export interface StartFormOptions {
  readonly backend: URL;
  readonly session: { readonly id: string; readonly secret: string };
  readonly provider: string;
  readonly accessMode: AccessMode;
  /** Where the form stands for the moment of sending. In a shadow root the page's own listeners do not see it. */
  readonly formParent: ParentNode;
  /** Takes all of it away again. */
  readonly signal: AbortSignal;
  /** The page's policy does not let the form go to the backend. */
  readonly onForbidden: () => void;
}

/** Where a session starts. */
export function startAddress(backend: URL, sessionId: string): URL {
  return new URL(`connect/start/${sessionId}`, backend);
}

/**
 * Prepares the form that starts a session, and answers with what sends it to a window. The browser puts the page's origin on it; nothing
 * else carries the secret.
 *
 * It stands in an empty frame: that has this page's origin and policies, but its referrer policy can be eased without touching this
 * page's. Under `no-referrer` a form says `Origin: null`, and where an opener policy has cut the windows apart nobody is left to ask.
 * The frame is there before the click that sends from it: a click counts for the frames that see it, and a tab opens only where one counts.
 */
export function prepareStartForm(options: StartFormOptions): (target: string) => void {
  const { backend, session, provider, accessMode, formParent, signal, onForbidden } = options;
  const frame = Object.assign(document.createElement('iframe'), { hidden: true });
  formParent.append(frame);
  signal.addEventListener('abort', () => frame.remove());
  const onViolation = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void => {
    if (effectiveDirective === 'form-action' && blockedURI.startsWith(backend.origin)) onForbidden();
  };
  return (target) => {
    const page = frame.contentDocument ?? document;
    page.addEventListener('securitypolicyviolation', onViolation, { signal });
    const form = page.createElement('form');
    Object.assign(form, { method: 'post', action: startAddress(backend, session.id).href, target, rel: 'opener' });
    for (const [name, value] of Object.entries({ secret: session.secret, provider, access_mode: accessMode })) {
      form.append(Object.assign(page.createElement('input'), { name, value }));
    }
    if (page !== document) page.head.append(Object.assign(page.createElement('meta'), { name: 'referrer', content: 'strict-origin' }));
    page.body.append(form);
    form.submit();
    form.remove();
  };
}
