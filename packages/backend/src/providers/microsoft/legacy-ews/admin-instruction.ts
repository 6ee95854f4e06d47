import type { AdminInstruction } from '../../admin-approval.ts';

/**
 * What an administrator has to do besides consenting, where EWS is asked for. `appId` is quoted for PowerShell already.
 *
 * @see [Control access to EWS in Exchange](https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-control-access-to-ews-in-exchange)
 */
export function allowEws(appId: string): AdminInstruction {
  return {
    heading: 'Let it use Exchange Web Services, and know what that is',
    text:
      'Exchange Web Services know one permission for people: their whole mailbox. Of it only calendars are read and changed, which Exchange ' +
      'cannot enforce. Since October 2026 Microsoft has been switching these services off, organisation by organisation, and only the ' +
      'applications of a list may use them where an administrator switches them on again; on 1 April 2027 they end for all. The last command ' +
      'replaces the whole list: name the applications that the first one shows, too. A change can take 24 hours, and EwsEnabled of a mailbox ' +
      '(Set-CASMailbox) must not be False either.',
    commands: [
      'Connect-ExchangeOnline',
      'Get-OrganizationConfig | Format-List EwsEnabled,EwsAllowedAppIDs',
      `Set-OrganizationConfig -EwsEnabled $true -EwsAllowedAppIDs ${appId}`,
    ],
  };
}
