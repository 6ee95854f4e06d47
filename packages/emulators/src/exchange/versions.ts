import type { EwsServer } from '../ews-operations/soap.ts';
import type { RequestVersion } from '../ews-operations/request-versions.ts';

/** The servers that can be played. */
export const EXCHANGE_VERSIONS = ['2007_SP1', '2010', '2013', '2016', 'SE'] as const;

/** One of {@link EXCHANGE_VERSIONS}. */
export type ExchangeVersion = (typeof EXCHANGE_VERSIONS)[number];

/** How one version of Exchange differs from the others. */
export interface Personality extends EwsServer {
  /** The newest version that a request may name. */
  readonly newest: RequestVersion;
  /** The web server, as its answers name it. */
  readonly iis: string;
  readonly hasSoapAutodiscover: boolean;
  readonly hasJsonAutodiscover: boolean;
  /** How long the window of a request for availability may be. */
  readonly availabilityDays: number;
}

/** @see {@link https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates} */
export const PERSONALITIES: Readonly<Record<ExchangeVersion, Personality>> = {
  '2007_SP1': {
    versionInfo: versionInfo('8.1.436.0', 'Exchange2007_SP1'),
    faultStyle: '2007',
    newest: 'Exchange2007_SP1',
    iis: 'Microsoft-IIS/6.0',
    hasSoapAutodiscover: false,
    hasJsonAutodiscover: false,
    availabilityDays: 42,
  },
  '2010': {
    versionInfo: versionInfo('14.3.513.0', 'Exchange2010_SP2'),
    faultStyle: '2010',
    newest: 'Exchange2010_SP2',
    iis: 'Microsoft-IIS/7.5',
    hasSoapAutodiscover: true,
    hasJsonAutodiscover: false,
    availabilityDays: 42,
  },
  '2013': {
    versionInfo: versionInfo('15.0.1497.48', 'V2_23'),
    faultStyle: '2010',
    newest: 'Exchange2013_SP1',
    iis: 'Microsoft-IIS/8.5',
    hasSoapAutodiscover: true,
    hasJsonAutodiscover: false,
    availabilityDays: 62,
  },
  '2016': {
    versionInfo: versionInfo('15.1.2507.39', 'V2017_07_11'),
    faultStyle: '2010',
    newest: 'Exchange2016',
    iis: 'Microsoft-IIS/10.0',
    hasSoapAutodiscover: true,
    hasJsonAutodiscover: true,
    availabilityDays: 62,
  },
  SE: {
    versionInfo: versionInfo('15.2.2562.17', 'V2017_07_11'),
    faultStyle: '2010',
    newest: 'Exchange2016',
    iis: 'Microsoft-IIS/10.0',
    hasSoapAutodiscover: true,
    hasJsonAutodiscover: true,
    availabilityDays: 62,
  },
};

function versionInfo(build: string, version: string): EwsServer['versionInfo'] {
  const [major = '', minor = '', majorBuild = '', minorBuild = ''] = build.split('.');
  return { MajorVersion: major, MinorVersion: minor, MajorBuildNumber: majorBuild, MinorBuildNumber: minorBuild, Version: version };
}
