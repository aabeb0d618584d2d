// Owns the demo without an editor: lets the swarm work through the CLI, then prints what happened.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectNode } from '../support/project.mjs';
import { runProgram } from '../run/runProgram.mjs';
import { cli, CLI_PATH } from './demoWorkspace.mjs';

const run = promisify(execFile);

const WORK_MILLISECONDS = 5 * 60_000;

/**
 * Resolves to the exit code of `up`; something left running or undone makes it a failure.
 * @param {string} folder
 * @param {(line: string) => void} say
 */
export async function runHeadless(folder, say) {
	const args = [CLI_PATH, 'up', '--until-idle', '--workspace', folder];
	const { code, isLate, leftRunning } = await runProgram(projectNode(), args, { milliseconds: WORK_MILLISECONDS });
	say('\nTasks:');
	/** @type {{ task_id: string, status: string, name: string }[]} */
	const tasks = JSON.parse(await cli(['task', 'list', '--json', '--workspace', folder]));
	for (const { task_id, status, name } of tasks) {
		/** @type {{ runs: readonly unknown[] }} */
		const { runs } = JSON.parse(await cli(['task', 'show', task_id, '--json', '--workspace', folder]));
		say(`  ${task_id}  ${status.padEnd(9)}  ${String(runs.length)} run${runs.length === 1 ? '' : 's'}  ${name}`);
	}
	// Not committed and not staged: that is the person's to do.
	const { stdout } = await run('git', ['status', '--short', '--untracked-files=all', '--', ':!runtime'], {
		cwd: folder,
	});
	say(`\nChanged files in the working tree:\n${stdout.trimEnd().replaceAll(/^/gm, '  ')}`);
	if (isLate) {
		say('\nThe swarm did not become idle in time.');
	}
	leftRunning.forEach((line) => say(`\nLeft running and ended now: ${line}`));
	return isLate || leftRunning.length > 0 ? 1 : (code ?? 1);
}
