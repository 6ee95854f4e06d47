import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects all garbage of this thread, now, so that nothing of what was done before has to be collected while something is measured. */
export const collectGarbage = runInNewContext('gc') as () => void;
