import type { AccessMode } from './access-modes.ts';

interface AdminApprovalNotification {
  /** The same each time it is delivered: whoever keeps the ids of a week can drop what comes twice. */
  id: string;
  /** When it happened: RFC 3339, UTC. */
  occurred_at: string;
  /** The session of the person who waits; `GET /connect/sessions/{id}` says how it stands now. */
  session_id: string;
  /** Your own id of the person, where your server named one. */
  end_user?: string;
  /** Such as `microsoft`. */
  provider: string;
  access_mode: AccessMode;
  /** The domain of the organisation whose administrator it is about, where it is known. */
  organisation?: string;
}

/** Somebody was turned away by the provider until an administrator of their organisation allows it. */
export interface PendingAdminApprovalNotification extends AdminApprovalNotification {
  type: 'pending_admin_approval';
  /** For an administrator: a page that says what is asked and leads on to the provider's own. Whoever has it can open that page. */
  approval_url: string;
}

/** `approved`: an administrator has allowed it, and the person can go on. `declined`: one said no, and another may still allow it. `withdrawn`: the person no longer wants it. */
export interface AdminApprovalDecidedNotification extends AdminApprovalNotification {
  type: 'admin_approval_decided';
  decision: 'approved' | 'declined' | 'withdrawn';
}

/** JSON body of the POST to a partner's notification URL, signed in `Cronofy-HMAC-SHA256`. A newer backend may send a `type` that is not here: ignore it. */
export interface NotificationBody {
  notification: PendingAdminApprovalNotification | AdminApprovalDecidedNotification;
}
