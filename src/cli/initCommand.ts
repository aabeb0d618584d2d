// Owns `dreamos init`: sets an empty workspace up, or shows what adopting would change and asks before doing it.

import { confirm } from './confirm.ts';
import type { ExitCode } from './exitCodes.ts';
import { exitCodes } from './exitCodes.ts';
import type { CommandContext } from './runCli.ts';
import { mirrorBoards } from './mirrorBoards.ts';

export interface InitChoices {
	/** The person agreed beforehand (`--yes`). */
	readonly isAgreed: boolean;
	readonly git: boolean;
}

export async function initCommand(
	{ workspace, actor, output }: CommandContext,
	choices: InitChoices,
): Promise<ExitCode> {
	if (workspace.state() !== 'foreign') {
		const answer = (await workspace.dream.perform('workspace.initialize', { git: choices.git }, actor)) as object;
		await mirrorBoards(workspace, output);
		const isRepository = await workspace.ports.git.topFolder().then(
			() => true,
			() => false,
		);
		output.answer({ ...answer, is_git_repository: isRepository });
		output.say(
			isRepository
				? `Ready: ${workspace.folder}. Next: dreamos task create "…", then dreamos up.`
				: `Ready: ${workspace.folder}. Agents need a git repository, and there is none here: dreamos init --git makes one.`,
		);
		return exitCodes.done;
	}
	const plan = (await workspace.dream.perform('workspace.adopt', { confirm: false }, actor)) as {
		lines: readonly string[];
	};
	output.say('These boards were made by somebody else. Adopting them changes this:');
	plan.lines.forEach((line) => output.say(`  ${line}`));
	if (!choices.isAgreed && !(await confirm('Adopt them?', output.isJson))) {
		output.say('Nothing was changed. Repeat with --yes to adopt.');
		output.answer({ ...plan, adopted: false });
		return exitCodes.refused;
	}
	if (choices.git) {
		await workspace.ports.git.initialize();
	}
	const done = await workspace.dream.perform('workspace.adopt', { confirm: true }, actor);
	await mirrorBoards(workspace, output);
	output.answer(done);
	output.say('Adopted.');
	return exitCodes.done;
}
