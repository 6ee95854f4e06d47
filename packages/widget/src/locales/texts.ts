import type { FailureSentences } from '@calendar-connect/protocol';

/** The element's own sentences outside of the dialog, in one language. The dialog says some of them too. */
export interface ButtonTexts {
  connect: string;
  connected: string;
  /** Opens the dialog for what is connected. */
  change: string;
  cancelled: string;
  declined: string;
  elsewhere: string;
  /** For mistakes that only the people who run the page can mend. */
  setup: string;
  insecure: string;
  notLoaded: string;
}

/** The element's own sentences inside the dialog alone, in one language. `{names}` stand for values. The rest comes from the protocol's sentences. */
export interface DialogTexts {
  forPerson: string;
  /** Beside a group that nothing was chosen in. */
  chooseFirst: string;
  oneMoment: string;
  oneMoreClick: string;
  connectingHeading: string;
  windowOpened: string;
  windowClosed: string;
  windowBlocked: string;
  openAgain: string;
  openInTab: string;
  openHere: string;
  /** What `openHere` means for this page. */
  comeBack: string;
  leaving: string;
  reaching: string;
  failedHeading: string;
  tryAgain: string;
  changeChoice: string;
  close: string;
  supportCode: string;
  /** No answer, or a fault of the server. */
  unreachable: FailureSentences;
  /** A session that was used before, here or elsewhere, that has expired, or that the backend no longer knows. */
  used: FailureSentences;
  /** A browser that keeps nothing in the tab, or an answer that this tab knows nothing of. */
  notKept: FailureSentences;
  /** A session that failed for a reason that the backend says nothing about, or whose code was not taken. */
  notFinished: FailureSentences;
  /** What a person says whom the provider did not send back. */
  toldApproval: string;
  waitingHeading: string;
  waitingFor: string;
  /** Where the organisation is not known. */
  yourOrganisation: string;
  waitingLink: string;
  waitingLasts: string;
  /** Where the organisation is not known. */
  waitingAsks: string;
  stopWaiting: string;
  approvedHeading: string;
  approved: string;
  finish: string;
  refusedByAdmin: string;
  copyLink: string;
  copied: string;
  mailLink: string;
}
