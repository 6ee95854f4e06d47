/** The element's own sentences outside of the dialog, in one language. `{names}` stand for values. */
export interface ButtonTexts {
  connect: string;
  connected: string;
  cancelled: string;
  declined: string;
  /** For mistakes that only the people who run the page can mend. */
  setup: string;
  insecure: string;
  notLoaded: string;
}

/** One sentence of what happened, one of what to do. */
export interface Problem {
  happened: string;
  todo: string;
}

/** The element's own sentences inside the dialog. The rest comes from the protocol's sentences. */
export interface DialogTexts {
  /** While choosing, and where nothing was begun. */
  heading: string;
  forPerson: string;
  chooseProviderFirst: string;
  chooseModeFirst: string;
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
  finishing: string;
  failedHeading: string;
  tryAgain: string;
  changeChoice: string;
  close: string;
  supportCode: string;
  /** No answer, or a fault of the server. */
  unreachable: Problem;
  /** A session that has expired, or that the backend no longer knows. */
  stale: Problem;
  /** A session of the partner's server that was used before, here or elsewhere. */
  used: Problem;
  /** A browser that keeps nothing in the tab, or an answer that this tab knows nothing of. */
  notKept: Problem;
  exchangeFailed: Problem;
  /** For all other codes: mistakes that only the people who run the page can mend. */
  setup: Problem;
}
