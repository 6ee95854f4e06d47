/** What was wrong the last time the waiting page's forms were used. */
export type WaitingProblem = 'email_invalid' | 'personal' | 'organisation_unknown' | 'unavailable' | 'not_approved_yet';

/** Why an approval that seemed to succeed at the provider was not taken on here. */
export type ApprovalFailure = 'not_administrator' | 'other_organisation' | 'unproven' | 'unavailable';

/** What the person who waits reads. */
export const waitingSentences = {
  unnamedOrganisation: 'your organisation',
  askHeading: 'Which organisation has to allow this?',
  askWhy:
    '{provider} did not let you connect your calendar to {application}. Mostly that means that an administrator of your organisation has to allow it first, once for everybody there.',
  emailLabel: 'Your work e-mail address',
  emailHint: 'It tells us which organisation you belong to. Nothing is sent to it.',
  emailHintMailed:
    'It tells us which organisation you belong to. One e-mail is sent to it, when {application} is allowed and you can go on.',
  find: 'Continue',
  notTold: 'Were you not told that you need approval, or did you go back by mistake?',
  heading: 'An administrator of {organisation} has to allow this',
  asked:
    'You asked to connect your calendar to {application} and chose “{mode}”. {provider} wants an administrator of {organisation} to allow that first, once for everybody there.',
  askedOn: 'Asked on',
  sendHeading: 'Send this link to an administrator',
  sendWho: 'Mostly these are the people who look after your computer or your e-mail.',
  linkLabel: 'Link for the administrator',
  mail: 'Write an e-mail',
  theyHeading: 'They decide',
  they: 'The link shows them what is asked in plain words. They sign in to {provider} and allow it.',
  youHeading: 'You go on',
  you: 'Once it is allowed you are connected, mostly without signing in again.',
  closing:
    'You may close this page. Nothing is lost: go back to {application}, or open this page’s address again in this browser, whenever you like.',
  working: 'Waiting. This page goes on by itself as soon as it is allowed.',
  workingUnknown: 'If it is allowed meanwhile, this page goes on by itself.',
  offline: 'No connection at the moment. This page keeps trying.',
  noScript: 'This page cannot look by itself in this browser. Look again once the administrator has told you.',
  look: 'Look again',
  tryNow: 'Try again now',
  cancel: 'I changed my mind',
  back: 'Back to {application}',
  otherOrganisation: 'This is not my organisation',
  declined: 'An administrator of {organisation} looked at this and did not allow it.',
  declinedTodo: 'Talk to them: the same link still works if they or another administrator decide otherwise.',
  approvedHeading: 'An administrator has allowed it',
  approved: 'Connecting your calendar to {application} is allowed at {organisation}. Go on to {provider} to finish.',
  approvedWorking: 'Going on to {provider} …',
  approvedRetrying: 'This page tries again by itself.',
  approvedTooEarly: '{provider} does not know of it everywhere yet. That can take some minutes.',
  approvedContinue: 'Continue',
  problems: {
    email_invalid: 'This is not an e-mail address. Write it like name@company.com.',
    personal: 'This is a private account: no administrator looks after it. Enter your work address, or try again and allow it yourself.',
    organisation_unknown: '{provider} knows no organisation with this address. Check it for typing errors.',
    unavailable: '{provider} did not answer. Wait a minute and try again.',
    not_approved_yet:
      '{provider} still wants an administrator to allow it. If one just has, it can take some minutes until {provider} knows of it everywhere.',
  },
} as const;

/** The e-mail that the person sends to an administrator: their own words, so they speak of themselves. */
export const mailSentences = {
  subject: 'Please allow {application} at {organisation}',
  request:
    'I would like to connect my calendar to {application}. {provider} lets me do that only once an administrator of {organisation} has allowed it.',
  modes: {
    full: 'What it is for: {application} would see my events, and add and change them.',
    free_busy: 'What it is for: {application} would see when I am busy, and nothing else.',
    no_access: 'What it is for: {application} would send me invitations, and see nothing of my calendar.',
  },
  account: 'My account is {email}.',
  link: 'This page says exactly what is asked for and how to limit it or take it back, and leads on to {provider}:',
  thanks: 'Thank you',
} as const;

/** What the administrator reads. */
export const approveSentences = {
  unnamedOrganisation: 'your organisation',
  askingOrganisation: 'the organisation that asked',
  heading: 'Allow {application} at {organisation}?',
  askedBy:
    '{person} wants to connect their calendar to {application}, and {provider} lets only an administrator of {organisation} allow that.',
  somebody: 'Somebody at {organisation}',
  askedOn: 'Asked on',
  unproven: 'Whoever asked typed this address themselves. If you do not expect the request, ask them before you allow it.',
  meaning:
    'You allow it once, for everybody at {organisation}. That connects nobody’s calendar: each person still signs in and decides for themselves.',
  toldHeading: 'What each person is told before they connect',
  continue: 'Go on to {provider}',
  continueHint: '{provider} asks you to sign in as an administrator and shows what you allow. Then you are back here.',
  technicalHeading: 'For your records',
  clientIdLabel: 'Client id of {application}',
  scopesLabel: 'Permissions it asks for',
  limitHeading: 'Limit it, or take it back',
  commandsLabel: 'Commands: {heading}',
  returned:
    'If you have just allowed it, whoever waits goes on within some minutes. Go through it once more from here, and everybody goes on at once.',
  addressSummary: 'Use another browser or account',
  addressHint:
    'Open this address where you are signed in as an administrator. We are not told of what you allow there: the people who wait go on once they try again.',
  addressLabel: 'Address at {provider}',
} as const;

/** How it ended for the administrator. */
export const approvalEndSentences = {
  approved: {
    heading: '{application} is allowed at {organisation}',
    nobody: 'Nobody is waiting at the moment. Whoever connects a calendar from now on is not asked for an administrator.',
    one: 'The person who asked can go on: by itself where their page is still open, else by one click.',
    many: 'The {people} people who asked can go on: by themselves where their page is still open, else by one click.',
    rest: 'It can take some minutes until it works for everybody. There is nothing more to do: you can close this window.',
  },
  declined: {
    heading: 'Nothing was allowed',
    text: 'You did not allow {application}. The people who asked can see that.',
    todo: 'Close this window, or look at it once more.',
    again: 'Look at it again',
  },
  failures: {
    other_organisation: {
      heading: 'You signed in at another organisation',
      happened: 'Your account does not belong to {expected}. Nothing has changed there.',
      todo: 'Try again with an administrator’s account of {expected}. If you allowed {application} at the other organisation, you can take that back there.',
    },
    not_administrator: {
      heading: 'Nothing was allowed',
      happened:
        'The calendar provider did not let this account decide for {expected}, or you turned back. Only an administrator gets further there.',
      todo: 'If you are an administrator, try again and sign in as one. Otherwise pass the link on to somebody who is.',
    },
    unproven: {
      heading: 'We could not see who allowed this',
      happened: 'The sign-in that proves which organisation you decide for did not succeed, so nobody who waits was told to go on.',
      todo: 'Try again, and sign in with the administrator’s account both times you are asked.',
    },
    unavailable: {
      heading: 'There was no answer',
      happened:
        'The calendar provider did not answer as it should, so nobody who waits was told to go on. If you allowed something there, it stays allowed.',
      todo: 'Wait a minute and try again.',
    },
  },
  tryAgain: 'Try again',
  linkGone: {
    heading: 'This link is not, or no longer, valid',
    what: 'It belongs to no request that we know of: it was cut off on its way, the request was withdrawn, or it is too old. Nothing was allowed.',
    todo: 'Ask the person who sent it to you for a new one.',
  },
} as const;

/** What the copy buttons say. */
export const copySentences = {
  copy: 'Copy',
  copied: 'Copied',
  selected: 'Selected: copy it with Ctrl+C or ⌘C',
} as const;
