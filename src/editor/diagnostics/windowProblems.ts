// Owns this window's part in the gate that asks an editor: it takes questions and answers them. Loaded after the workspace is open,
// because nothing needs it before an agent is finished.

import type { Logger } from '../../base/log.ts';
import type { Actor } from '../../core/actor.ts';
import { ProblemWorker } from '../../core/diagnostics/problemWorker.ts';
import type { Ledger } from '../../core/ledger.ts';
import type { Clock } from '../../core/ports.ts';
import { EditorProblems } from './editorProblems.ts';

export interface WindowProblemsParts {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Logger;
	readonly actor: Actor;
	/** Name of this window's lease. */
	readonly name: string;
}

export const answerProblems = ({ ledger, clock, log, actor, name }: WindowProblemsParts): ProblemWorker =>
	new ProblemWorker({
		backend: new EditorProblems(),
		clock,
		log,
		taker: name,
		onDidChange: ledger.onDidChange,
		read: (work) => ledger.read(work),
		write: (work) => ledger.write(actor, work),
	});
