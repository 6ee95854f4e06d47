/** What somebody wrote to the administrator on the page of the admin consent workflow. */
export interface ApprovalRequest {
  readonly tenantId: string;
  readonly clientId: string;
  /** Who asks. */
  readonly email: string;
  /** In full spelling. */
  readonly scopes: readonly string[];
  readonly justification: string;
  /** Milliseconds since 1970, of the emulator's clock. */
  readonly atMs: number;
}

const REQUESTS_KEPT = 200;

/** What was asked of administrators, oldest first. */
export interface ApprovalRequests {
  readonly entries: () => readonly ApprovalRequest[];
  readonly add: (request: ApprovalRequest) => void;
}

/** Creates the administrators' list. */
export function createApprovalRequests(): ApprovalRequests {
  const entries: ApprovalRequest[] = [];
  return {
    entries: () => [...entries],
    add: (request) => {
      entries.push(request);
      if (entries.length > REQUESTS_KEPT) entries.shift();
    },
  };
}
