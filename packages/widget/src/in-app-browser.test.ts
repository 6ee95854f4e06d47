import { expect } from '@open-wc/testing';
import { isInAppBrowser } from './in-app-browser.ts';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 15; Pixel 9';

const IN_APP = {
  'Facebook on iOS': `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/512.0.0.44.109;FBBV/1;FBDV/iPhone17,1]`,
  'Facebook on Android': `${ANDROID}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/138.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/512.0.0.44;]`,
  'Messenger on iOS': `${IPHONE} Mobile/15E148 Safari/604.1 [FBAN/MessengerForiOS;FBAV/512.0]`,
  Instagram: `${IPHONE} Mobile/15E148 Instagram 389.0.0.21.86 (iPhone17,1; iOS 18_5; en_GB)`,
  LinkedIn: `${IPHONE} Mobile/15E148 [LinkedInApp]/9.31.1234`,
  TikTok: `${IPHONE} Mobile/15E148 musical_ly_40.2.0 BytedanceWebview/d8a21c6`,
  WeChat: `${ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50`,
  Line: `${IPHONE} Mobile/15E148 Safari Line/14.10.0`,
  'an Android WebView': `${ANDROID}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/138.0.0.0 Mobile Safari/537.36`,
  'an iOS WKWebView': `${IPHONE} Mobile/15E148`,
};

const BROWSERS = {
  'Safari on iOS': `${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`,
  'Chrome on iOS': `${IPHONE} CriOS/138.0.7204.119 Mobile/15E148 Safari/604.1`,
  'Firefox on iOS': `${IPHONE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15`,
  'Chrome on Android': `${ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36`,
  'Samsung Internet': `${ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
  'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Safari on a Mac':
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Edge on Windows':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
};

describe('an in-app browser', () => {
  for (const [name, userAgent] of Object.entries(IN_APP)) {
    it(`is what ${name} has`, () => expect(isInAppBrowser(userAgent)).to.equal(true));
  }
  for (const [name, userAgent] of Object.entries(BROWSERS)) {
    it(`is not ${name}`, () => expect(isInAppBrowser(userAgent)).to.equal(false));
  }
  it('is not the one that runs this', () => expect(isInAppBrowser()).to.equal(false));
});
