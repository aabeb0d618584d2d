// Owns who works in a soak run: agents of the Agent Client Protocol, each good or bad in its own way. Who is honest does what the
// prompt asks; what the others do can never pass a gate, or passes it in spite of what they do besides.

import type { Agent } from '../../src/core/agent/agent.ts';
import { scriptedAgent } from '../support/driverJobs.ts';
import type { Script, Step } from '../support/scriptedAcpScript.ts';
import { scriptVariable } from '../support/scriptedAcpScript.ts';
import { buildAgent } from '../support/swarmBuilders.ts';

export interface Temperament {
	/** What it does, for the report. */
	readonly title: string;
	/** Agents of this kind in the swarm. */
	readonly count: number;
	/** It does what is asked, whatever it does besides: a gate that fails on it was wrong, unless the task is impossible. */
	readonly isAble: boolean;
	readonly script: Script;
	/** Codes its attempts may fail with, beside those of a gate. */
	readonly failures?: readonly string[];
	readonly limits?: Agent['limits'];
}

const obey: Step = { do: 'followPrompt' };
const shortTurn = { turn_timeout_seconds: 6 };
const spin = (times: number): Step[] =>
	Array.from({ length: times }, (_, index): Step[] => [
		{ do: 'tool', id: `read-${index}`, title: 'Read README.md', kind: 'read', status: 'completed', output: 'soak' },
		{ do: 'wait', milliseconds: 40 },
	]).flat();

export const temperaments = {
	quick: { title: 'does it at once', count: 2, isAble: true, script: {} },
	slow: {
		title: 'takes its time',
		count: 2,
		isAble: true,
		script: { turn: [{ do: 'think', text: 'Let me see.', pieces: 20 }, { do: 'wait', milliseconds: 3000 }, obey] },
	},
	planner: {
		title: 'plans, counts its tokens, and does it',
		count: 1,
		isAble: true,
		script: {
			resume: 'load',
			turn: [
				{ do: 'plan', entries: [{ content: 'Write it', status: 'in_progress' }] },
				{ do: 'usage', used: 2000, size: 200_000, cost: 0.01 },
				{ do: 'wait', milliseconds: 500 },
				obey,
				{ do: 'plan', entries: [{ content: 'Write it', status: 'completed' }] },
			],
		},
	},
	crashing: {
		title: 'crashes in the middle of two turns of three',
		count: 1,
		isAble: true,
		failures: ['agent.exited'],
		script: {
			turn: [
				{
					do: 'perhaps',
					percent: 66,
					steps: [
						{ do: 'write', path: 'half.txt', content: 'half\n' },
						{ do: 'exit', code: 139 },
					],
					otherwise: [obey],
				},
			],
		},
	},
	hanging: {
		title: 'says nothing more',
		count: 1,
		isAble: false,
		failures: ['agent.timeout'],
		script: { turn: [{ do: 'hang' }] },
		limits: shortTurn,
	},
	deaf: {
		title: 'hangs, and ignores cancel, end and SIGTERM',
		count: 1,
		isAble: false,
		failures: ['agent.timeout'],
		script: { turn: [{ do: 'hang' }], cancel: 'ignore', ignoresTerm: true, ignoresEnd: true },
		limits: shortTurn,
	},
	lying: {
		title: 'says it is done and did nothing',
		count: 1,
		isAble: false,
		script: { turn: [{ do: 'say', text: 'Done. The file is written and every check passes.\n' }] },
	},
	cheating: {
		title: 'says it is done and changed something else',
		count: 1,
		isAble: false,
		script: {
			turn: [
				{ do: 'write', path: 'claims/done.txt', content: 'done\n' },
				{ do: 'say', text: 'Done: all checks pass.\n' },
			],
		},
	},
	looping: {
		title: 'calls the same tool over and over, and stops',
		count: 1,
		isAble: false,
		failures: ['agent.timeout', 'run.drifted'],
		script: { turn: spin(60) },
		limits: { turn_timeout_seconds: 20 },
	},
	flooding: {
		title: 'says megabytes before it does it',
		count: 1,
		isAble: true,
		failures: ['agent.timeout'],
		script: { turn: [{ do: 'flood', megabytes: 4 }, obey] },
	},
	leaking: {
		title: 'leaves processes behind',
		count: 1,
		isAble: true,
		script: { turn: [{ do: 'child' }, { do: 'child', isDetached: true }, { do: 'childHere' }, obey] },
	},
	straying: {
		title: 'writes where its task has no business, in its worktree and beside it',
		count: 1,
		isAble: true,
		script: {
			turn: [
				{ do: 'clientWrite', path: '../strayed.txt', content: 'strayed\n' },
				{ do: 'write', path: 'elsewhere/strayed.txt', content: 'strayed\n' },
				obey,
			],
		},
	},
	limited: {
		title: 'is held back by its service every second time',
		count: 1,
		isAble: true,
		failures: ['agent.rateLimited'],
		script: {
			turn: [
				{
					do: 'perhaps',
					percent: 50,
					steps: [{ do: 'fail', code: -32_603, message: '429 Too Many Requests: rate limit exceeded' }],
					otherwise: [obey],
				},
			],
		},
	},
} as const satisfies Record<string, Temperament>;

/** The temperament an agent of a soak run has by its name: `lying-1`. */
export function temperamentOf(agentId: string): Temperament | undefined {
	const table: Readonly<Record<string, Temperament>> = temperaments;
	return table[agentId.replace(/-\d+$/u, '')];
}

export function soakAgents(): Agent[] {
	return Object.entries<Temperament>(temperaments).flatMap(([name, { count, script, limits }]) =>
		Array.from({ length: count }, (_, index) =>
			buildAgent(`${name}-${index + 1}`, {
				driver: 'acp',
				command: [...scriptedAgent],
				env: { [scriptVariable]: JSON.stringify(script) },
				...(limits === undefined ? {} : { limits }),
			}),
		),
	);
}
