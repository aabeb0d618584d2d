// Owns how a task's branch becomes a pull request: with the person's own `gh`, in a terminal they see, on their Enter. Nothing is pushed
// by us.

import { window, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { ShownTask } from '../../core/swarm/swarmSnapshot.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import type { TaskQuestion } from './pickers.ts';
import { pickTask } from './pickers.ts';
import { taskOf } from './rowArguments.ts';
import { sortForPicking } from './taskChoices.ts';

const question: TaskQuestion = {
	title: l10n.t('Open Pull Request'),
	placeHolder: l10n.t('Of which task?'),
	none: {
		message: l10n.t('No task has a branch of its own.'),
		advice: l10n.t('With dreamos.landing.mode set to branch, a change becomes a branch.'),
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
				throw new DreamError('task.noBranch', l10n.t('{0} has no branch.', taskId ?? ''), {
					advice: question.none.advice,
				});
			}
			const folder = await ports.git.topFolder();
			const { ending } = await ports.processes.run({
				command: { program: 'gh', arguments: ['--version'] },
				folder,
				timeoutMilliseconds: 10_000,
			});
			if (ending === 'notFound') {
				throw new DreamError('git.noPullRequests', l10n.t("GitHub's command line, gh, was not found."), {
					advice: l10n.t(
						'Install it from https://cli.github.com, or push by hand: git push --set-upstream origin {0}',
						branch,
					),
				});
			}
			const terminal = window.createTerminal({ name: l10n.t('Pull Request'), cwd: folder });
			terminal.show();
			terminal.sendText(
				`git push --set-upstream origin ${branch} && gh pr create --head ${branch} --fill`,
				false,
			);
		},
	};
}
