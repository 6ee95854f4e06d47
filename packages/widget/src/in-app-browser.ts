/**
 * Browsers inside of an application, by the word that each puts into its name: Facebook and Messenger, Instagram, LinkedIn, TikTok, WeChat,
 * Line, and any other that shows pages in Android's WebView (`; wv)`) or in a view of its own on an iPhone, iPad or iPod: Safari, and every
 * browser there that is one, calls itself Safari too.
 */
const IN_APP = /FB(?:AN|AV|_IAB)|Instagram|LinkedInApp|musical_ly|BytedanceWebview|MicroMessenger|\bLine\/|; wv\)|\(iP(?!.*Safari\/)/;

/**
 * Tells whether this is a browser inside of an application. Such a browser has one tab: what a page opens in another window replaces the
 * page, goes to another browser where the person is signed in nowhere, or does not open at all. A wrong guess costs nothing but a way
 * through this tab where a window would have done.
 */
export function isInAppBrowser(userAgent: string = navigator.userAgent): boolean {
  return IN_APP.test(userAgent);
}
