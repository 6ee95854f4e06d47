/** What a grant holds in the place of a sealed refresh token that is derived. */
export const DERIVED = '';
