// Owns how model services and those who hand on their answers say, under any code, that they hold somebody back or were not reached.

export const holdsBack =
	/\b(?:429|529)\b|rate.?limit|too many requests|quota|overloaded|(?:usage|session|hour|weekly|daily|monthly) limit/iu;

export const isNotReached =
	/\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b|fetch failed|socket hang up|connection (?:error|refused|reset|timed out)|network (?:error|is unreachable)|could not resolve host|getaddrinfo|\b(?:502|503|504)\b|bad gateway|service unavailable|gateway time-?out/iu;
