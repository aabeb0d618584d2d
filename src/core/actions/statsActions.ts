// Owns the figures of a period as something that can be asked for: how much was done, how long it took, and how well the swarm got
// on alone.

import * as z from 'zod';
import type { ShareFigure } from '../figures/autonomy.ts';
import { autonomy, autonomyTypes } from '../figures/autonomy.ts';
import { timesOf } from '../figures/analysis.ts';
import { cycleTime, leadTime, overIn } from '../figures/throughput.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const day = 24 * 3_600_000;

const seconds = (milliseconds: number | null): number | null =>
	milliseconds === null ? null : Math.round(milliseconds / 1000);

const plainShare = ({ share, value, of, otherIds }: ShareFigure) => ({
	share,
	tasks: value,
	of,
	others: [...otherIds],
});

const stats = defineAction({
	id: 'swarm.stats',
	title: 'Show Figures of the Swarm',
	description:
		'Counts what was done in the last days, how long it took, how long the swarm worked without a person, what it mended by itself, and how often it drifted and began anew.',
	effect: 'read',
	input: z.object({
		days: z.number().int().min(1).max(3_650).default(7).describe('How many days, up to now'),
	}),
	terminal: { words: 'stats' },
	async run({ ledger, clock }, { days }) {
		const to = clock.now();
		const period = { from: to - days * day, to };
		return ledger.read(async (reader) => {
			const tasks = await reader.tasks({ status: ['COMPLETED', 'FAILED'] });
			const over = overIn(
				tasks.map(({ task }) => task),
				period,
			);
			const completed = over.filter(({ status }) => status === 'COMPLETED');
			const [cycle, lead] = [timesOf(completed, cycleTime), timesOf(completed, leadTime)];
			const alone = autonomy(await reader.events({ types: autonomyTypes }), period);
			return {
				from: new Date(period.from).toISOString(),
				to: new Date(to).toISOString(),
				completed: completed.length,
				failed: over.length - completed.length,
				completion_seconds: { median: seconds(cycle.median), p90: seconds(cycle.p90) },
				lead_seconds: { median: seconds(lead.median), p90: seconds(lead.p90) },
				at_work_seconds: seconds(alone.atWork),
				longest_alone_seconds: seconds(alone.longestAlone),
				interventions: alone.interventions,
				between_interventions_seconds: seconds(alone.betweenInterventions),
				recovered: plainShare(alone.recovered),
				without_a_person: plainShare(alone.unaided),
				drift: { count: alone.drift.count, per_hour: alone.drift.perHour },
				restarts: { count: alone.restarts.count, per_hour: alone.restarts.perHour },
			};
		});
	},
});

export const statsActions: readonly DefinedAction[] = [stats];
