// Owns how a step gets the file it works on: in the variable DREAMOS_FILE, to which `{file}` in a step is turned. The name of a
// file is never put into a command line: a shell reads the line before it looks at the variable, so no name can be a command.

export const fileVariable = 'DREAMOS_FILE';
const placeholder = '{file}';

/**
 * The step with each `{file}` as one quoted argument. `${file}` and `\{file}` are left as they are. Where it would be no argument of
 * its own, in single quotes or in a command inside double quotes, the step is refused instead of guessed at.
 */
export function bindFile(
	step: string,
	platform: NodeJS.Platform,
): { readonly command: string } | { readonly problem: string } {
	const isWindows = platform === 'win32';
	const variable = isWindows ? `%${fileVariable}%` : `\${${fileVariable}}`;
	let command = '';
	let quote = '';
	for (let index = 0; index < step.length; index += 1) {
		const character = step.charAt(index);
		if (character === '\\' && !isWindows && quote !== "'") {
			index += 1;
			command += character + step.charAt(index);
		} else if (step.startsWith(placeholder, index) && step.charAt(index - 1) !== '$') {
			const isNested = quote === '"' && !isWindows && /`|\$\(/u.test(command);
			if (quote === "'" || isNested) {
				return {
					problem: `${placeholder} stands inside quotes, where it is no argument of its own: write "$${fileVariable}" instead, outside of single quotes.`,
				};
			}
			command += quote === '"' ? variable : `"${variable}"`;
			index += placeholder.length - 1;
		} else {
			if (character === '"' || (character === "'" && !isWindows)) {
				quote = quote === '' ? character : quote === character ? '' : quote;
			}
			command += character;
		}
	}
	return { command };
}

/** A path as a program gets it: one that begins with a dash would be read as an option. */
export const asArgument = (path: string): string => (path.startsWith('-') ? `./${path}` : path);
