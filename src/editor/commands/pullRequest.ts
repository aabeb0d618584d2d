// Owns how a task's branch becomes a pull request: with the person's own `gh`, in a terminal they see, on their Enter. Nothing is pushed
// by us.

import { window } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { ShownTask } from '../../core/swarm/swarmSnapshot.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import type { TaskQuestion } from './pickers.ts';
import { pickTask } from './pickers.ts';
import { taskOf } from './rowArguments.ts';
import { sortForPicking } from './taskChoices.ts';

const question: TaskQuestion = {
	title: 'Open Pull Request',
	placeHolder: 'Of which task?',
	none: {
		message: 'No task has a branch of its own.',
		advice: 'With dreamos.landing.mode set to branch, a change becomes a branch.',
	},
};

/** The name is checked once more: it goes into a command line. */
function branchOf({ task }: ShownTask): string | undefined {
	const branch = task.result?.['branch'];
	return typeof branch === 'string' && /^dreamos\/[a-z0-9][a-z0-9-]*$/u.test(branch) ? branch : undefined;
}

export function createPullRequestCommands(session: WorkspaceSession): CommandHandlers {
	return {
		'dreamos.task.pullRequest': async (argument) => {
			const { ports } = session.require();
			const taskId =
				taskOf(argument) ??
				(await pickTask(
					sortForPicking(session.snapshot, (shown) => branchOf(shown) !== undefined),
					question,
				));
			const shown = taskId === undefined ? undefined : session.snapshot.tasks.get(taskId);
			if (shown === undefined) {
				return;
			}
			const branch = branchOf(shown);
			if (branch === undefined) {
				throw new DreamError('task.noBranch', `${taskId} has no branch.`, { advice: question.none.advice });
			}
			const folder = await ports.git.topFolder();
			const { ending } = await ports.processes.run({
				command: { program: 'gh', arguments: ['--version'] },
				folder,
				timeoutMilliseconds: 10_000,
			});
			if (ending === 'notFound') {
				throw new DreamError('git.noPullRequests', "GitHub's command line, gh, was not found.", {
					advice: `Install it from https://cli.github.com, or push by hand: git push --set-upstream origin ${branch}`,
				});
			}
			const terminal = window.createTerminal({ name: 'Pull Request', cwd: folder });
			terminal.show();
			terminal.sendText(
				`git push --set-upstream origin ${branch} && gh pr create --head ${branch} --fill`,
				false,
			);
		},
	};
}
