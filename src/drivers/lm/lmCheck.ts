// Owns trying an agent that works with a model of the editor: is there a window that has the model, may we use it, does it call tools.
// What it calls is not done.

import type { AgentCheck, CheckedStep, CheckStep } from '../../core/agent/agentCheck.ts';
import { checkSteps } from '../../core/agent/agentCheck.ts';
import type { DriverJob, DriverPorts } from '../../core/driver/driver.ts';
import type { LanguageModelPort, ModelAnswer, ModelTool, OfferedModel } from '../../core/models/languageModel.ts';
import { newId } from '../../base/ids.ts';
import { matchingModels } from '../../core/models/modelSelector.ts';
import { missingModel } from '../../core/models/offeredModels.ts';
import { timestamp } from '../../core/ports.ts';
import { tryContainment } from '../containedProcesses.ts';
import { driverError, failedOutcome } from '../driverFailure.ts';
import { noPort } from './lmFailures.ts';

/** Longest time to wait for a window to take the question, in milliseconds: one that offers the model is there. */
const patience = 15_000;
const probe: ModelTool = {
	name: 'write_file',
	description: 'Creates a text file, or replaces all of it.',
	inputSchema: {
		type: 'object',
		properties: { path: { type: 'string' }, content: { type: 'string' } },
		required: ['path', 'content'],
	},
};
const question =
	'Create the file dreamos-check.txt with the single word ok in it, using your tool for writing files. Do nothing else.';

type Found = Pick<CheckedStep, 'verdict' | 'text'>;
const passed = (text: string): Found => ({ verdict: 'passed', text });

/** Tries everything that can be tried; what fails is a step of the answer. Never rejects. */
export async function checkLmAgent(
	ports: DriverPorts,
	job: DriverJob,
	{ hasTurns }: { readonly hasTurns: boolean },
): Promise<AgentCheck> {
	const done = new Map<CheckStep, CheckedStep>();
	let isOver = false;
	const step = async (name: CheckStep, work: () => Promise<Found> | Found): Promise<void> => {
		if (isOver) {
			return;
		}
		const begin = ports.clock.monotonic();
		let found: Found;
		try {
			found = await work();
		} catch (error) {
			found = { verdict: 'failed', text: failedOutcome(error, 'model.failed').reason };
			isOver = true;
		}
		done.set(name, { step: name, ...found, milliseconds: Math.round(ports.clock.monotonic() - begin) });
	};
	let model: OfferedModel | undefined;
	let answer: ModelAnswer | undefined;
	await step('containment', () => tryContainment(ports, job));
	await step('start', async () => {
		model = await findModel(ports, job);
		return passed(`an open window offers ${model.name} (${model.vendor}/${model.id})`);
	});
	if (hasTurns) {
		await step('session', async () => {
			answer = await ask(requirePort(ports, job), job);
			return passed('it answers');
		});
		await step('permission', () => describeCalls(answer));
		await step('usage', () =>
			answer?.usage === undefined
				? { verdict: 'odd', text: 'the editor tells no usage of this model' }
				: passed(`${answer.usage.input_tokens} tokens in, ${answer.usage.output_tokens} out`),
		);
	}
	await step('resume', () => passed('its conversation is kept in the ledger'));
	await step('mcp', () => passed('it gets the tools of its run without a server'));
	return {
		at: timestamp(ports.clock),
		is_usable: !isOver && done.get('permission')?.verdict !== 'failed',
		agent: model?.name ?? '',
		steps: checkSteps.map(
			(each) => done.get(each) ?? { step: each, verdict: 'skipped', text: 'not tried', milliseconds: 0 },
		),
		login: [],
	};
}

function requirePort({ languageModels }: DriverPorts, job: DriverJob): LanguageModelPort {
	if (languageModels === undefined) {
		throw noPort(job);
	}
	return languageModels;
}

async function findModel(ports: DriverPorts, job: DriverJob): Promise<OfferedModel> {
	const offered = await requirePort(ports, job).offered();
	const [model] = matchingModels(offered, job.agent.model);
	const why = missingModel(job.agent, offered);
	if (model === undefined || why !== undefined) {
		throw driverError('model.noWindow', `${(why ?? '').slice(0, 1).toUpperCase()}${(why ?? '').slice(1)}.`);
	}
	return model;
}

async function ask(models: LanguageModelPort, job: DriverJob): Promise<ModelAnswer> {
	const conversation = await models.open({
		conversation_id: newId('conversation'),
		run_id: job.run_id,
		agent_id: job.agent.id,
		model: job.agent.model,
		tools: [probe],
	});
	const late = driverError('agent.timeout', `The model of ${job.agent.id} did not answer in time.`, {
		advice: 'Look whether the editor asks whether Dream.OS may use it.',
	});
	const limit = new AbortController();
	const timer = setTimeout(() => limit.abort(late), job.timeoutMilliseconds);
	try {
		return await conversation.ask([{ role: 'user', parts: [{ kind: 'text', text: question }] }], {
			signal: limit.signal,
			patience,
			onText: () => undefined,
			onSign: () => undefined,
		});
	} finally {
		clearTimeout(timer);
	}
}

function describeCalls(answer: ModelAnswer | undefined): Found {
	const calls = answer?.parts.filter((part) => part.kind === 'call') ?? [];
	return calls.some(({ name }) => name === probe.name)
		? passed('it calls tools; each is judged by the rules before it is done')
		: {
				verdict: 'failed',
				text: 'it called no tool, and without tools it cannot change a file: choose another model',
			};
}
