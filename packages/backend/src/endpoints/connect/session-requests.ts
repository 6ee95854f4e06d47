import { ConnectError } from '../../connect/connect-error.ts';
import type {
  AdminApprovalFields,
  ClaimFields,
  ExchangeFields,
  PageSessionFields,
  PartnerSessionFields,
  Schema,
} from './session-schemas.ts';

/** Loaded with the first request: zod and what is made with it take a tenth of the start, and half a megabyte. */
const schemas = () => import('./session-schemas.ts');

/** @throws ConnectError `invalid_request` */
export async function readAdminApproval(body: unknown): Promise<AdminApprovalFields> {
  return read((await schemas()).adminApproval, body);
}

/** @throws ConnectError `invalid_request` that names the field and what was expected */
export async function readPageSession(body: unknown): Promise<PageSessionFields> {
  return read((await schemas()).pageSession, body);
}

/** @throws ConnectError `invalid_request` */
export async function readClaim(body: unknown): Promise<ClaimFields> {
  return read((await schemas()).claim, body);
}

/** @throws ConnectError `invalid_request` */
export async function readPartnerSession(body: unknown): Promise<PartnerSessionFields> {
  return read((await schemas()).partnerSession, body);
}

/** @throws ConnectError `invalid_request` */
export async function readExchange(body: unknown): Promise<ExchangeFields> {
  return read((await schemas()).exchange, body);
}

function read<T>(schema: Schema<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConnectError('invalid_request', `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not as expected'}`);
}
