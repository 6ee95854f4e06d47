import type { ChoiceSentences, Sentences } from './sentences.ts';

/** The sentences of choosing in English: apart, because the element loads them and leaves the others to the backend. */
export const choiceEn: ChoiceSentences = {
  providers: {
    microsoft: 'Microsoft 365 or Outlook.com',
    none: 'Another calendar',
  },
  chooseProvider: 'Where is your calendar?',
  chooseAccessMode: 'How much do you want to share?',
  sharedHeading: '{application} can',
  notSharedHeading: '{application} cannot',
  exactScopes: 'Exactly what {provider} will be asked for',
  noScopes: 'No provider is asked for anything.',
  connectedNow: 'Connected now: {name}, {mode}',
  sharedNow: 'Shared now.',
  endsHeading: 'Afterwards {application} can no longer',
  keptAt: 'What ends is no longer used, but {provider} keeps your permission for it until you remove it there:',
  asksAgain: '{provider} will ask you once more.',
  endsFirst: 'What is shared now ends when you continue.',
  continueLabel: 'Continue',
  cancelLabel: 'Cancel',
  accessModes: {
    full: {
      label: 'Full access',
      summary: 'See your events, and add and change them.',
      shared: [
        'see titles, places and guests of your events',
        'add, change or delete events in your calendar, with video meetings',
        'see the names of your calendars',
      ],
      notShared: ['read your mail or your contacts', 'share your calendar with other people'],
    },
    free_busy: {
      label: 'Free/busy only',
      summary: 'See when you are busy, and nothing else.',
      shared: ['see when you are busy', 'send you invitations by mail'],
      notShared: ['see titles, places and guests of your events', 'add, change or delete events in your calendar'],
    },
    no_access: {
      label: 'No calendar access',
      summary: 'Share nothing; invitations come by mail.',
      shared: ['send you invitations by mail'],
      notShared: ['see anything in your calendar', 'add, change or delete events in your calendar'],
      remark: '{application} knows only of events that were made with it. A code by mail proves that your address is yours.',
    },
  },
};

/** All sentences in English. */
export const en: Sentences = {
  ...choiceEn,
  anotherLogin: {
    happened: 'This is another account than {name}, whose connection was to change.',
    todo: 'Try again and choose {name}.',
  },
  failures: {
    scopes_missing: {
      happened: 'A permission box was left unticked, so the calendar could not be connected.',
      todo: 'Try again and leave every box ticked.',
    },
    admin_policy_enforced: {
      happened: 'Your organisation’s administrator has not allowed this application.',
      todo: 'Ask your administrator to allow it, then try again.',
    },
    provider_unavailable: {
      happened: 'Your calendar provider did not answer.',
      todo: 'Nothing was shared. Wait a minute and try again.',
    },
    provider_refused: {
      happened: 'Your calendar provider refused the connection.',
      todo: 'Try again. If it happens once more, choose another account or tell the people who run this page.',
    },
    provider_misconfigured: {
      happened: 'The connection to your calendar provider is not set up correctly.',
      todo: 'Tell the people who run this page; they can see the reason.',
    },
    identity_unverified: {
      happened: 'Your calendar provider’s answer could not be verified.',
      todo: 'Nothing was shared. Try again.',
    },
    no_refresh_token: {
      happened: 'Your calendar provider gave a connection that would not last.',
      todo: 'Try again and allow access when you are asked.',
    },
    sign_in_required: {
      happened: 'Your calendar provider wants you to sign in once more.',
      todo: 'Try again and sign in when it asks you.',
    },
    wrong_account: {
      happened: 'This account cannot be used here.',
      todo: 'Try again and choose another account: the one of your own organisation, or your personal one.',
    },
    no_mailbox: {
      happened: 'This account has no calendar in the cloud. Its mailbox is probably on your organisation’s own Exchange server.',
      todo: 'Choose Exchange instead, if it is offered, or another account.',
    },
    server_not_found: {
      happened: 'No Exchange server was found for this e-mail address.',
      todo: 'Give the server’s address, such as the one of Outlook on the web. Your IT team knows it.',
    },
    server_unreachable: {
      happened: 'The Exchange server does not answer from the internet.',
      todo: 'Look whether its address is right. If it is, ask your IT team to let this service reach it.',
    },
    server_not_exchange: {
      happened: 'Something answers at this address, but it is not Exchange Web Services.',
      todo: 'Look whether the server’s address is right, or ask your IT team for it.',
    },
    server_access_denied: {
      happened: 'The Exchange server lets nobody in from here, whoever they are. It has not asked for a password.',
      todo: 'Ask your IT team to let this service in: mostly a proxy in front of the server keeps it out.',
    },
    server_too_old: {
      happened: 'The Exchange server is too old for a safe connection.',
      todo: 'Tell your IT team, and the people who run this page: they can allow it for this one server.',
    },
    server_busy: {
      happened: 'The Exchange server is busy.',
      todo: 'Wait a few minutes and try again.',
    },
    address_refused: {
      happened: 'The Exchange server has an address inside a private network, which is not asked from here.',
      todo: 'Tell the people who run this page: they can allow it for this one server.',
    },
    certificate_untrusted: {
      happened: 'The certificate of the Exchange server is not trusted, so your password was not sent.',
      todo: 'Tell your IT team.',
    },
    wrong_password: {
      happened: 'The Exchange server did not accept this user name with this password.',
      todo: 'Type the password again. If it is right, give the user name that you sign in to Windows with, such as COMPANY\\name. After several wrong tries an account may be locked for a while; then the server says the same.',
    },
    account_locked: {
      happened: 'The account is locked or disabled, or its password has expired.',
      todo: 'Sign in on your computer at work or in Outlook on the web, or ask your IT team.',
    },
    access_switched_off: {
      happened: 'You are signed in, but Exchange Web Services are switched off for your mailbox.',
      todo: 'Ask your IT team to switch them on.',
    },
    login_unsafe: {
      happened: 'The server wanted your password in a way that is not safe. It was not sent.',
      todo: 'Try from another network, and tell your IT team if it stays so.',
    },
    modern_sign_in_required: {
      happened: 'This Exchange server takes no passwords, only sign-ins of Microsoft’s own page.',
      todo: 'Choose Microsoft 365 instead, if it is offered, or ask your IT team.',
    },
    mailbox_in_cloud: {
      happened: 'This mailbox is in Microsoft 365. Your password was not sent there.',
      todo: 'Choose Microsoft 365 instead.',
    },
  },
};
