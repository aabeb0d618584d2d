// Owns finding a task in the text of a board. By text, not by parsing: it has to work in files that do not parse.

const escapeForPattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);

/** Line (from 0) on which the id of a task stands; undefined when the text does not name it. */
export function taskLine(text: string, taskId: string): number | undefined {
	const quoted = escapeForPattern(JSON.stringify(taskId));
	const plain = escapeForPattern(taskId);
	// As an id field in JSON, then in YAML, then anywhere as a whole string.
	const patterns = [
		new RegExp(`"(?:task_)?id"\\s*:\\s*${quoted}`, 'u'),
		new RegExp(`^\\s*(?:-\\s+)?(?:task_)?id:\\s*["']?${plain}["']?\\s*$`, 'mu'),
		new RegExp(quoted, 'u'),
	];
	for (const pattern of patterns) {
		const index = pattern.exec(text)?.index;
		if (index !== undefined) {
			const start = text.slice(index).search(/\S/u) + index;
			return text.slice(0, start).split('\n').length - 1;
		}
	}
	return undefined;
}
