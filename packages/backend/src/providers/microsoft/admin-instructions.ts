import type { AdminInstruction } from '../admin-approval.ts';
import type { ProviderClient } from '../provider.ts';
import { allowEws } from './legacy-ews/admin-instruction.ts';
import { EWS_SCOPE } from './legacy-ews/legacy-ews.ts';
import { SIGN_IN_SCOPES } from './manifest.ts';

/** What an administrator should know and can do. Nothing here was tried in a real organisation. */
export function approvalInstructions(client: ProviderClient, scopes: readonly string[]): readonly AdminInstruction[] {
  const appId = quoted(client.clientId);
  const permission = scopes.find((scope) => scope.startsWith('Calendars.')) ?? '';
  const limitAccess = scopes.includes(EWS_SCOPE) ? allowEws(appId) : limitApplicationAccess(appId, permission);
  return [limitToGroup(appId), limitAccess, takeBack(appId, scopes)];
}

/**
 * @see [Restrict an app to a set of users](https://learn.microsoft.com/entra/identity-platform/howto-restrict-your-app-to-a-set-of-users)
 * @see [Assign users and groups](https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal)
 */
function limitToGroup(appId: string): AdminInstruction {
  return {
    heading: 'Allow it for one group only',
    text:
      'What you approve are delegated permissions: they reach the calendars of those people only who connect themselves. To say who may, ' +
      'open the application under Enterprise applications in the Entra admin centre, set “Assignment required?” to Yes under Properties, ' +
      'and assign a group under Users and groups. Everybody else is then turned away by Microsoft when they sign in. Groups inside of the ' +
      'group do not count, and assigning groups needs Entra ID P1. The same in PowerShell:',
    commands: [
      "Connect-MgGraph -Scopes 'Application.ReadWrite.All','AppRoleAssignment.ReadWrite.All','Group.Read.All'",
      `$app = Get-MgServicePrincipal -Filter "appId eq ${appId}"`,
      'Update-MgServicePrincipal -ServicePrincipalId $app.Id -AppRoleAssignmentRequired:$true',
      '$group = Get-MgGroup -Filter "displayName eq \'NAME OF THE GROUP\'"',
      'New-MgGroupAppRoleAssignment -GroupId $group.Id -PrincipalId $group.Id -ResourceId $app.Id -AppRoleId 00000000-0000-0000-0000-000000000000',
    ],
  };
}

/**
 * @see [Role based access control for applications in Exchange Online](https://learn.microsoft.com/exchange/permissions-exo/application-rbac)
 */
function limitApplicationAccess(appId: string, permission: string): AdminInstruction {
  const role = permission === 'Calendars.ReadWrite' ? 'Application Calendars.ReadWrite' : 'Application Calendars.Read';
  return {
    heading: 'Limit organisation-wide access to a group (RBAC for Applications)',
    text:
      'What you approve here gives the application no access of its own: it acts for people who have connected, and never without them. ' +
      'Should you ever want to give it access to the calendars of a whole group, do that with RBAC for Applications in Exchange Online, ' +
      'and do not also consent to the application permission in Entra: the two add up, and a consent in Entra reaches every mailbox, ' +
      'whatever the scope in Exchange says. RBAC for Applications does not limit delegated permissions; the assignment above does.',
    commands: [
      "Connect-MgGraph -Scopes 'Application.Read.All'",
      `$app = Get-MgServicePrincipal -Filter "appId eq ${appId}"`,
      'Connect-ExchangeOnline',
      `New-ServicePrincipal -AppId ${appId} -ObjectId $app.Id -DisplayName 'Calendar access'`,
      "New-ManagementScope -Name 'Calendar access' -RecipientRestrictionFilter \"MemberOfGroup -eq 'DISTINGUISHED NAME OF THE GROUP'\"",
      `New-ManagementRoleAssignment -App $app.Id -Role '${role}' -CustomResourceScope 'Calendar access'`,
      "Test-ServicePrincipalAuthorization -Identity $app.Id -Resource 'somebody@your.example'",
    ],
  };
}

/** @see [Review and revoke permissions](https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions) */
function takeBack(appId: string, scopes: readonly string[]): AdminInstruction {
  const permissions = scopes.filter((scope) => !SIGN_IN_SCOPES.includes(scope)).join(' and ');
  return {
    heading: 'Take it back',
    text:
      `Open the application under Enterprise applications: under Permissions you can revoke ${permissions}; Enabled for users to sign in, ` +
      'under Properties, stops everything and can be undone; deleting the application removes it with every consent. Connections end with ' +
      'their next access token, which is within about an hour and a half. The commands delete the consent, and keep the application:',
    commands: [
      "Connect-MgGraph -Scopes 'Application.Read.All','DelegatedPermissionGrant.ReadWrite.All'",
      `$app = Get-MgServicePrincipal -Filter "appId eq ${appId}"`,
      'Get-MgServicePrincipalOauth2PermissionGrant -ServicePrincipalId $app.Id -All | ForEach-Object { Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId $_.Id }',
    ],
  };
}

/** A text for PowerShell and for OData alike, in which nothing of it can be a command. */
function quoted(text: string): string {
  return `'${text.replace(/[^\w.-]/g, '')}'`;
}
