// Owns when two failures are the same: their code and what was said of them, without what differs from one attempt to the next. Pure.

/** Equal for two failures that happened in the same way. */
export function failureSignature(code: string, reason: string): string {
	const plain = reason
		.replaceAll(/\(attempt \d+ of \d+\)/gu, '')
		.replaceAll(/\brun-[\w-]+/gu, 'run')
		.replaceAll(/\b[0-9a-f]{7,}\b/giu, '#')
		.replaceAll(/(?<!exit code )(?<!\d)\d+(?:[.,:]\d+)*/gu, '#')
		.replaceAll(/\s+/gu, ' ')
		.trim();
	return `${code} ${plain}`;
}
