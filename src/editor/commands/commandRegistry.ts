// Owns the one door for commands: each call is logged and timed, and what it throws becomes a message with advice. Nothing
// else in the house registers a command.

import type { Disposable } from 'vscode';
import { commands } from 'vscode';
import { isDreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { CommandId } from '../manifest.ts';
import type { Notifier } from '../notify.ts';

/** Resolves also when the person leaves with Esc; rejects with what could not be done. */
export type CommandHandler = (argument: unknown) => Promise<void> | void;
export type CommandHandlers = Partial<Record<CommandId, CommandHandler>>;

export class CommandRegistry {
	private readonly log: Logger;
	private readonly notifier: Notifier;

	private readonly titleOf: (id: string) => string;

	constructor(log: Logger, notifier: Notifier, titleOf: (id: string) => string) {
		this.log = log;
		this.notifier = notifier;
		this.titleOf = titleOf;
	}

	/** Registers the handlers of one subject. */
	register(handlers: CommandHandlers): Disposable[] {
		return Object.entries(handlers).map(([id, handler]) =>
			commands.registerCommand(id, (argument: unknown) => this.run(id, handler, argument)),
		);
	}

	private async run(id: string, handler: CommandHandler, argument: unknown): Promise<void> {
		const start = performance.now();
		const tell = (outcome: string) =>
			this.log.info(`${id} ${outcome} after ${Math.round(performance.now() - start)} ms`);
		try {
			await handler(argument);
			tell('ended');
		} catch (error) {
			tell(isDreamError(error) ? `was refused (${error.code})` : 'failed');
			this.notifier.refuse(this.titleOf(id), error);
		}
	}
}
