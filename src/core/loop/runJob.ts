// Owns what a driver is given for a run: task, folder, limits, and the prompt with the agent's role and what went before.

import { isJsonObject, parseJsonOrUndefined } from '../../base/json.ts';
import type { Agent } from '../agent/agent.ts';
import type { JobPlaces } from '../containment/containmentPlan.ts';
import type { DriverJob, DriverPatience, PermissionDoor, SteeringDoor } from '../driver/driver.ts';
import type { JobTools } from '../driver/jobTools.ts';
import type { LedgerReader } from '../ledger.ts';
import { runtimePaths } from '../paths.ts';
import type { FileSystem } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { Task } from '../task/task.ts';
import type { ResumedWork } from './resumedWork.ts';
import { resumedPrompt } from './resumedWork.ts';
import { importedStory } from '../checkpoint/importedStory.ts';
import { earlierChange } from './earlierChange.ts';
import type { PromptFacts } from './taskPrompt.ts';
import { taskPrompt } from './taskPrompt.ts';

export interface JobFacts {
	readonly run: Run;
	readonly task: Task;
	readonly agent: Agent;
	/** Absolute path of the folder to work in. */
	readonly folder: string;
	readonly places: JobPlaces;
	/** Variables every program of the run gets besides its agent's own. */
	readonly environment: Readonly<Record<string, string>>;
	readonly settings: Settings;
	readonly permissions: PermissionDoor;
	readonly steering?: SteeringDoor | undefined;
	/** The folder holds an earlier change, which was sent back. */
	readonly isContinued: boolean;
	/** Absolute path of the workspace folder, where the role files are. */
	readonly workspaceFolder: string;
	readonly files: Pick<FileSystem, 'readText' | 'join'>;
	/** The earlier attempt whose session this one goes on with. */
	readonly resumed?: ResumedWork | undefined;
	/** What the last checkpoint of that attempt tells, for an agent that does not remember it; empty when it tells nothing. */
	readonly interrupted: string;
	readonly tools: JobTools | undefined;
	readonly read: <T>(work: (reader: LedgerReader) => Promise<T>) => Promise<T>;
}

export async function createJob(facts: JobFacts): Promise<DriverJob> {
	const { run, task, agent, folder, settings, tools, isContinued } = facts;
	const before = await facts.read((reader) => readPrevious(reader, run));
	const session = facts.resumed?.session ?? undefined;
	const isSameRun = facts.resumed?.isSameRun === true;
	const prompt = taskPrompt({
		task,
		agent,
		settings,
		role: await readRole(facts),
		folder,
		attempt: run.attempt,
		...before,
		lastWords: await readLastWords(facts, before.handedOff),
		hasEarlierWork: facts.resumed !== undefined,
		interrupted: facts.interrupted,
		...(facts.resumed?.note === undefined ? {} : { givenBack: facts.resumed.note }),
		isSameRun,
		isContinued,
	});
	return {
		run_id: run.run_id,
		task,
		agent,
		worktree: folder,
		places: facts.places,
		environment: facts.environment,
		prompt,
		attempt: run.attempt,
		timeoutMilliseconds: (agent.limits.turn_timeout_seconds ?? settings['agents.turnTimeoutSeconds']) * 1000,
		permissions: facts.permissions,
		patience: agentPatience(agent, settings),
		...(session === undefined
			? {}
			: {
					resume: {
						session,
						prompt: resumedPrompt(run, isSameRun, facts.resumed?.note, facts.resumed?.isPaid),
					},
				}),
		...(tools === undefined ? {} : { tools }),
		...(facts.steering === undefined ? {} : { steering: facts.steering }),
	};
}

/** How long single steps of an agent may take: as its entry says, else the settings. */
export function agentPatience(agent: Agent, settings: Settings): DriverPatience {
	return {
		start: settings['agents.startTimeoutSeconds'] * 1000,
		session: settings['agents.sessionTimeoutSeconds'] * 1000,
		silence: (agent.limits.silence_timeout_seconds ?? settings['agents.silenceTimeoutSeconds']) * 1000,
	};
}

/** Who a gate command runs for; the same names the drivers give their programs. */
export function gateEnvironment(run: Run, folder: string): Record<string, string | undefined> {
	return {
		ELECTRON_RUN_AS_NODE: undefined,
		DREAMOS_TASK_ID: run.task_id.replaceAll('\0', ''),
		DREAMOS_RUN_ID: run.run_id,
		DREAMOS_AGENT_ID: run.worker,
		DREAMOS_ATTEMPT: String(run.attempt),
		DREAMOS_WORKTREE: folder,
	};
}

/** Text of the agent's role file. The name comes from a file anybody may edit: it must not lead anywhere else. */
async function readRole({ agent, files, workspaceFolder }: JobFacts): Promise<string | undefined> {
	if (!/^[\p{L}\p{N}_][\p{L}\p{N}_ .-]*$/u.test(agent.role)) {
		return undefined;
	}
	return files.readText(files.join(workspaceFolder, runtimePaths.roles, `${agent.role}.md`)).catch(() => undefined);
}

/** The last the agent said that handed its work over, from the log of its run. */
async function readLastWords({ files, workspaceFolder }: JobFacts, run: Run | undefined): Promise<string | undefined> {
	const text =
		typeof run?.log_file === 'string'
			? await files.readText(files.join(workspaceFolder, run.log_file)).catch(() => undefined)
			: undefined;
	const words = (text ?? '')
		.slice(-lastLogCharacters)
		.split('\n')
		.flatMap((line) => {
			const entry = parseJsonOrUndefined(line);
			return isJsonObject(entry) && entry['kind'] === 'message' && typeof entry['text'] === 'string'
				? [entry['text']]
				: [];
		});
	return words.length === 0 ? undefined : words.slice(-mostLastWords).join('\n');
}

const lastLogCharacters = 100_000;
const mostLastWords = 20;
/** Findings of failures before the last that the next attempt is told. */
const mostOlder = 4;

async function readPrevious(
	reader: LedgerReader,
	current: Run,
): Promise<Pick<PromptFacts, 'previous' | 'older' | 'sentBack' | 'handedOff' | 'restored' | 'imported' | 'answer'>> {
	const runs = await reader.runs({ task_id: current.task_id, limit: 8 });
	const earlier = await earlierChange(reader, current.task_id);
	const previous = runs.find(
		(run) => run.run_id !== current.run_id && !isOpenRun(run.state) && run.state !== 'completed',
	);
	const events = previous?.state === 'blocked' ? await reader.events({ task_id: current.task_id }) : [];
	const said = events.findLast(({ type, data }) => type === 'task.moved' && data?.['move'] === 'unblock');
	const answer = said?.data?.['reason'];
	const older = runs.filter(
		({ run_id: id, state, reason }) =>
			id !== current.run_id && id !== previous?.run_id && state === 'failed' && reason !== null,
	);
	return {
		previous,
		older: older.slice(0, mostOlder),
		...(earlier === undefined
			? {}
			: earlier.how === 'restored'
				? { restored: earlier }
				: { [earlier.how]: earlier.run }),
		imported: await importedStory(reader, current.task_id),
		answer: typeof answer === 'string' && answer.trim() !== '' ? answer : undefined,
	};
}
