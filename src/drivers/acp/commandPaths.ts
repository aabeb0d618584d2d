// Owns finding the words of a command line, or of any text, that lead out of the folder it starts in. It reads words, not
// shell: what it does not see the worktree and the review of its diff must hold.

import { isAbsolutePath } from '../../base/isAbsolutePath.ts';

/** Named by nearly every command and harmless to name. */
const harmless = new Set(['/dev/null', '/dev/stdin', '/dev/stdout', '/dev/stderr', '/dev/tty']);

/** Addresses on the web look like paths and are none. */
const webAddress = /\b(?!file:)[a-z][a-z0-9+.-]*:\/\/[^\s'"`<>|;&)]+/giu;
/** A program of the system where a command begins, or where a shell or `env` begins one; as an argument it is a path. */
const systemProgram =
	/(?<=^|[;&|(\n`'"]|\benv)(?<space>\s*(?:\w+=\S*\s+)*)\/(?:usr\/)?(?:local\/)?s?bin\/[\w.+-]+(?=$|[\s;&|)'"`])/gu;

/**
 * The words that are absolute, begin at the home folder, or climb with `..`. `roots` are names of the worktree itself; below
 * them a path is as good as a relative one.
 */
export function commandPaths(command: string, roots: readonly string[]): string[] {
	return withoutRoots(command, roots)
		.replaceAll(webAddress, ' ')
		.replaceAll(systemProgram, '$<space>')
		.replaceAll(/\$(?:HOME\b|\{HOME\})/gu, '~')
		.split(/[\s'"`;|&<>(){}[\]=,]+/u)
		.map((word) => withoutScheme(word))
		.filter((word) => isAbsolutePath(word) || word.startsWith('~') || /(?:^|[\\/])\.\.(?:[\\/]|$)/u.test(word))
		.filter((word) => !harmless.has(word));
}

/** The text with each name of the worktree as `.`: such a name may hold spaces, and it may not hide a longer one. */
function withoutRoots(text: string, roots: readonly string[]): string {
	return roots.reduce((rest, root) => {
		const name = root.replaceAll(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
		return rest.replaceAll(new RegExp(`${name}(?=$|[\\s'"\`;|&<>()\\\\/:,])`, 'gu'), '.');
	}, text);
}

export const isWebAddress = (text: string): boolean => /^(?!file:)[a-z][a-z0-9+.-]+:\/\//iu.test(text);
/** The path of a `file:` address, or the text as it is. */
export const withoutScheme = (text: string): string => text.replace(/^file:\/\/(?:localhost)?/iu, '');
