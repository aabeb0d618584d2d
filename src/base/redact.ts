// Owns taking out of a text what its reader has no business with: names of people, folders and machines, and whatever looks like a
// key. It would rather take out too much. Pure.

export interface PrivateNames {
	/** Absolute paths and what stands for them, such as the home folder and `~`. */
	readonly folders: Readonly<Record<string, string>>;
	/** Names of the account and of the machine. */
	readonly words: readonly string[];
}

const removed = '<removed>';

/** Known shapes of keys, and long runs of letters and digits that are no words. */
const keyShapes: readonly RegExp[] = [
	/\b(?:gh[opsur]_|github_pat_|glpat-|xox[abprs]-|sk-|pk-|rk-|npm_|AIza|ya29\.|AKIA|ASIA)[\w.-]{10,}/gu,
	/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/gu,
	/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/gu,
	/\b(?=[\w+/-]*\d)(?=[\w+/-]*[A-Za-z])[\w+/-]{40,}={0,2}/gu,
];

const secretName = String.raw`[\w-]*(?:api[_-]?key|access[_-]?key|private[_-]?key|token|secret|passwo?r?d|credential|authorization|cookie)[\w-]*`;
/** `token: value`, `API_KEY=value`, `Authorization: Bearer value`, `"password": "value"`. */
const namedSecret = new RegExp(
	String.raw`(${secretName}["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token)\s+)?)([^\s"',;)}\]]+)`,
	'giu',
);
/** `--password value`. */
const flagSecret = new RegExp(String.raw`(--${secretName}\s+)(\S+)`, 'giu');
const bearer = /\b(bearer\s+)([\w.+/=-]{6,})/giu;

const addressWithPassword = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/giu;
const mailAddress = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu;
const homeOfSomebody = /((?:\/home\/|\/Users\/|[A-Za-z]:\\+Users\\+))[^\s/\\"':]+/gu;

const escapeForPattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
/** A path as it is, with doubled backslashes as JSON writes it, and with slashes as addresses do. */
const spellingsOf = (folder: string): string[] => [
	...new Set([folder, folder.replaceAll('\\', '\\\\'), folder.replaceAll('\\', '/'), encodeURI(folder)]),
];

/** The text without what is private. */
export function redact(text: string, { folders, words }: PrivateNames): string {
	let result = text;
	const named = Object.entries(folders)
		.filter(([folder]) => folder.length > 1)
		.sort(([left], [right]) => right.length - left.length);
	for (const [folder, sign] of named) {
		for (const spelling of spellingsOf(folder)) {
			result = result.replace(new RegExp(escapeForPattern(spelling), 'giu'), sign);
		}
	}
	for (const shape of keyShapes) {
		result = result.replace(shape, removed);
	}
	result = result
		.replace(addressWithPassword, `$1${removed}@`)
		.replace(namedSecret, `$1${removed}`)
		.replace(flagSecret, `$1${removed}`)
		.replace(bearer, `$1${removed}`)
		.replace(mailAddress, removed)
		.replace(homeOfSomebody, `$1${removed}`);
	for (const word of words.filter((each) => each.length > 2)) {
		result = result.replace(
			new RegExp(String.raw`(?<![\p{L}\p{N}])${escapeForPattern(word)}(?![\p{L}\p{N}])`, 'giu'),
			removed,
		);
	}
	return result;
}
