import { manifestTests } from '../oauth2/options.contract.ts';
import { webex } from './webex.ts';

manifestTests({
  id: 'webex',
  make: webex,
  options: { clientId: 'id-1', clientSecret: 'very-secret' },
  file: new URL('webex.ts', import.meta.url),
  factory: 'webex',
});
