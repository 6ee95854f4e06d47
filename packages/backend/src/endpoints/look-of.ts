import type { Backend } from '../backend.ts';
import type { Look } from '../pages/look.ts';
import type { Application } from '../storage/questions/applications.ts';

/** How pages look for an application, for `answerPage(c, page, await lookOf(deps, application))`. */
export async function lookOf({ store }: Pick<Backend, 'store'>, application: Application): Promise<Look> {
  return { name: application.name, ...application.branding, logo: await store.findLogo(application.id) };
}
