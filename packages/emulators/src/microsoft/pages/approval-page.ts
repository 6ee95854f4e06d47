import { html } from 'hono/html';
import { page, type Page } from './page.ts';
import { permissionList, type ShownPermission } from './permission-list.ts';

/** What the page of somebody who may not consent shows. */
export interface ApprovalView {
  readonly appName: string;
  readonly email: string;
  readonly organization: string;
  readonly permissions: readonly ShownPermission[];
  /** Whether the organisation takes requests on this page. */
  readonly withRequest: boolean;
  readonly action: string;
}

/** *Need admin approval*, or *Approval required* where the organisation takes requests. Most people close it here. */
export function approvalPage(view: ApprovalView): Page {
  const { appName, email, organization, permissions, withRequest, action } = view;
  const title = withRequest ? 'Approval required' : 'Need admin approval';
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="chip">${email}</p>
      <p>
        ${appName} needs permission to access resources in ${organization} that only an admin can grant. Please ask an admin to grant
        permission to this app before you can use it.
      </p>
      <form method="post" action="${action}">
        <input type="hidden" name="account" value="${email}" />
        ${withRequest ? requestPart(permissions) : ''}
        <div class="links">
          <button name="decision" value="other_account">Have an admin account? Sign in with that account</button>
          <button name="decision" value="return">Return to the application without granting consent</button>
        </div>
      </form>`,
  );
}

/** What follows a request: nothing that an app would hear of. */
export function requestSentPage({ appName, email, action }: Pick<ApprovalView, 'appName' | 'email' | 'action'>): Page {
  return page(
    'Request sent',
    html`<h1>Request sent</h1>
      <p class="chip">${email}</p>
      <p>Your request for ${appName} has been sent to your admin. You will get an email when it is reviewed.</p>
      <form method="post" action="${action}">
        <input type="hidden" name="account" value="${email}" />
        <div class="links"><button name="decision" value="return">Back to app</button></div>
      </form>`,
  );
}

function requestPart(permissions: readonly ShownPermission[]): Page {
  return html`${permissionList(permissions)}
    <label>Enter justification for requesting this app <input type="text" name="justification" value="" /></label>
    <div class="actions"><button class="primary" name="decision" value="request">Request approval</button></div>`;
}
