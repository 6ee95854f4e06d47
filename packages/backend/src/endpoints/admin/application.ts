import type { Context, Handler } from 'hono';
import type { Applications } from '../../accounts/applications.ts';
import type { Application } from '../../storage/questions/applications.ts';
import { answerPrivateJson } from '../json-answer.ts';
import { type AdminDeps, applicationsFor } from './admin-deps.ts';
import { readApplicationPatch } from './admin-requests.ts';
import { toUpdate } from './application-changes.ts';
import { applicationJson } from './application-json.ts';
import { notFound, withFieldErrors } from './field-errors.ts';

/** `GET /admin/applications/{client_id}`: one, with its logo and without its secret. */
export function showApplication(deps: AdminDeps): Handler {
  return async function showApplication(c) {
    const applications = applicationsFor(deps, c);
    const application = await applications.find(clientIdOf(c));
    return application === undefined ? notFound(c) : answerShown(applications, application);
  };
}

/** `PATCH /admin/applications/{client_id}`: changes what the body names; `null` brings back the default. */
export function changeApplication(deps: AdminDeps): Handler {
  return withFieldErrors(async function changeApplication(c) {
    const { client_secret: clientSecret, ...fields } = await readApplicationPatch(c);
    const applications = applicationsFor(deps, c);
    return answerShown(applications, await applications.update(clientIdOf(c), { ...toUpdate(fields), clientSecret }));
  });
}

async function answerShown(applications: Applications, application: Application): Promise<Response> {
  return answerPrivateJson(applicationJson(application, await applications.logo(application.id)));
}

/** The application that the address names. */
export function clientIdOf(c: Context): string {
  return c.req.param('client_id') ?? '';
}
