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
  const frame = append(formParent, 'iframe', { hidden: true }) as HTMLIFrameElement;
  signal.addEventListener('abort', () => frame.remove());
  const onViolation = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void => {
    if (effectiveDirective === 'form-action' && blockedURI.startsWith(backend.origin)) onForbidden();
  };
  return (target) => {
    const page = frame.contentDocument ?? document;
    page.addEventListener('securitypolicyviolation', onViolation, { signal });
    // Never in the page itself: its policy is its own.
    if (page !== document) append(page.head, 'meta', { name: 'referrer', content: 'strict-origin' });
    const action = startAddress(backend, session.id).href;
    const form = append(page.body, 'form', { method: 'post', action, target, rel: 'opener' }) as HTMLFormElement;
    for (const [name, value] of Object.entries({ secret: session.secret, provider, access_mode: accessMode })) {
      append(form, 'input', { name, value });
    }
    form.submit();
    form.remove();
  };
}

function append(parent: ParentNode, tag: string, members: object): HTMLElement {
  const element = Object.assign((parent.ownerDocument as Document).createElement(tag), members);
  parent.append(element);
  return element;
}
