// Owns looking whether the programs of hooks are there, before an event wants them. No hook is run for that.

import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { Hook } from '../core/hooks/hook.ts';
import type { HooksReading } from '../core/hooks/hooksFile.ts';
import { runtimePaths } from '../core/paths.ts';
import type { ProcessRunner } from '../core/ports.ts';

/** The shell is asked, because it also knows what is built into it; the name itself is never part of its line. */
const lookup = process.platform === 'win32' ? 'where "%DREAMOS_PROGRAM%"' : 'command -v "$DREAMOS_PROGRAM"';
const lookupTimeout = 10_000;

/** The program a hook begins with; undefined where a line for the shell is more than a name and its arguments. */
function programOf({ command }: Hook): string | undefined {
	return typeof command === 'string' ? /^\s*([\w./+@-]+)(?=\s|$)/u.exec(command)?.[1] : command.program;
}

/** Hooks whose program is not there. */
export async function findMissingPrograms(
	{ hooks, guards }: HooksReading,
	processes: Pick<ProcessRunner, 'run'>,
	folder: string,
): Promise<BoardProblem[]> {
	const problems: BoardProblem[] = [];
	for (const hook of [...hooks, ...guards]) {
		const program = programOf(hook);
		if (program === undefined || program.startsWith('-')) {
			continue;
		}
		const { ending, exitCode } = await processes.run({
			command: lookup,
			folder,
			environment: { DREAMOS_PROGRAM: program },
			timeoutMilliseconds: lookupTimeout,
		});
		if (ending === 'exited' && exitCode !== 0) {
			problems.push({
				code: 'hooks.programMissing',
				severity: 'error',
				message: `${hook.label} wants ${program}, which is not installed, or not on the PATH.`,
				file: runtimePaths.hooks,
				line: hook.line,
				column: 1,
				advice: 'Install it, give its full path, or take the hook out.',
			});
		}
	}
	return problems;
}
