/** The way that one request takes. */
export interface Route {
  /** Where to connect, in this order, and nowhere else. Absent where the operator's own address is asked: then names are resolved as usual. */
  readonly addresses?: readonly string[] | undefined;
  /** Whether the egress proxy is used, where there is one. */
  readonly byProxy: boolean;
}
