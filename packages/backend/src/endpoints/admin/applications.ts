import type { Handler } from 'hono';
import { answerJson, answerPrivateJson } from '../json-answer.ts';
import { type AdminDeps, applicationsFor } from './admin-deps.ts';
import { readNewApplication } from './admin-requests.ts';
import { toUpdate } from './application-changes.ts';
import { applicationJson } from './application-json.ts';
import { withFieldErrors } from './field-errors.ts';

/** `GET /admin/applications`: all of them, oldest first, without their logos. */
export function listApplications(deps: AdminDeps): Handler {
  return async function listApplications(c) {
    const applications = await applicationsFor(deps, c).list();
    return answerPrivateJson({ applications: applications.map((application) => applicationJson(application)) });
  };
}

/** `POST /admin/applications`: registers one. The answer is the only one that holds its client secret. */
export function registerApplication(deps: AdminDeps): Handler {
  return withFieldErrors(async function registerApplication(c) {
    const fields = await readNewApplication(c);
    const applications = applicationsFor(deps, c);
    const { redirectUris = [], origins = [], ...features } = toUpdate(fields);
    const { application, clientSecret } = await applications.create({ ...features, name: fields.name, redirectUris, origins });
    c.header('Cache-Control', 'no-store');
    const shown = applicationJson(application, await applications.logo(application.id));
    return answerJson(c, { ...shown, client_secret: clientSecret }, 201);
  });
}
