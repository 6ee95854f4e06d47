import { manifestTests } from '../oauth2/options.contract.ts';
import { goTo } from './goto.ts';

manifestTests({
  id: 'goto',
  make: goTo,
  options: { clientId: 'id-1', clientSecret: 'very-secret' },
  file: new URL('goto.ts', import.meta.url),
  factory: 'goTo',
});
