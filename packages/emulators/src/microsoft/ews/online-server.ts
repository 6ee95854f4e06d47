import type { EwsServer } from '../../ews-operations/soap.ts';

/** What Exchange Online says of itself; its numbers grow every few weeks. */
export const EXCHANGE_ONLINE_SERVER: EwsServer = {
  versionInfo: { MajorVersion: '15', MinorVersion: '20', MajorBuildNumber: '9520', MinorBuildNumber: '9', Version: 'V2018_01_08' },
  faultStyle: '2010',
};
