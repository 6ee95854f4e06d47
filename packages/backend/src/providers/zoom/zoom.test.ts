import { manifestTests } from '../oauth2/options.contract.ts';
import { zoom } from './zoom.ts';

manifestTests({
  id: 'zoom',
  make: zoom,
  options: { clientId: 'id-1', clientSecret: 'very-secret' },
  file: new URL('zoom.ts', import.meta.url),
  factory: 'zoom',
});
