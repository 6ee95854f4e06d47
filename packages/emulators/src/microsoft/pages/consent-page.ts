import { html } from 'hono/html';
import { page, type Page } from './page.ts';
import { permissionList, type ShownPermission } from './permission-list.ts';

/** What the consent page shows. */
export interface ConsentView {
  readonly appName: string;
  readonly email: string;
  readonly permissions: readonly ShownPermission[];
  /** Whether an administrator may consent for everybody on the way. */
  readonly withOrganizationBox: boolean;
  /** The organisation that an administrator is asked for; `undefined` when a person is asked. */
  readonly forOrganization: string | undefined;
  readonly action: string;
}

/** The page that asks for consent. There is nothing to untick: Microsoft's consent is all or nothing. */
export function consentPage({ appName, email, permissions, withOrganizationBox, forOrganization, action }: ConsentView): Page {
  return page(
    'Permissions requested',
    html`<h1>Permissions requested</h1>
      ${forOrganization === undefined ? '' : html`<p>Review for your organization, ${forOrganization}</p>`}
      <p class="chip">${email}</p>
      <h2>${appName} would like to</h2>
      <form method="post" action="${action}">
        <input type="hidden" name="account" value="${email}" />
        ${permissionList(permissions)}
        ${
          withOrganizationBox
            ? html`<label class="row">
                <input type="checkbox" name="for_organization" value="1" />
                <span>Consent on behalf of your organization</span>
              </label>`
            : ''
        }
        ${
          forOrganization === undefined
            ? ''
            : html`<p class="soft">
                If you accept, this app will get access to the specified resources for all users in your organization. No one else will be
                prompted to review these permissions.
              </p>`
        }
        <div class="actions">
          <button name="decision" value="cancel">Cancel</button>
          <button class="primary" name="decision" value="accept">Accept</button>
        </div>
      </form>`,
  );
}
