// Builds lines of the dashboard's log: what one agent reported, newest first.

import type { EventLine } from '../../src/protocol/eventLine.ts';
import { toEventLine } from '../../src/protocol/eventLine.ts';

/** @param minutesApart Minutes between one line and the next, back from now. */
export const reportedLines = (
	count: number,
	message: string | ((index: number) => string),
	minutesApart = 0,
): EventLine[] =>
	Array.from({ length: count }, (_each, index) =>
		toEventLine({
			sequence: index,
			at: new Date(Date.now() - index * minutesApart * 60_000).toISOString(),
			actor: 'agent:Agent-1',
			type: 'run.reported',
			task_id: `T-${index}`,
			run_id: `run-${index}`,
			message: typeof message === 'string' ? message : message(index),
		}),
	);
