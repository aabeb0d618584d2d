// Owns how answers about agents read for a person.

import { formatBytes } from '../base/words.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { AgentCheck } from '../core/agent/agentCheck.ts';
import { describeUsage } from '../core/budget/usage.ts';
import type { Usage } from '../core/budget/usage.ts';
import { describeCheck } from '../core/agent/describeCheck.ts';
import type { FoundPreset } from '../core/agent/lookForPresets.ts';
import type { DriftNote } from '../core/drift/driftReading.ts';
import { shownDrift } from '../core/drift/driftReading.ts';
import type { RunResources } from '../core/run/runResources.ts';
import { describeWish } from '../core/models/describeWish.ts';
import type { Output } from './output.ts';
import { table } from './output.ts';
import { sayTable } from './sayTable.ts';

export function agentList(
	agents: readonly {
		id: string;
		state: string;
		driver: string;
		role: string;
		task_id: string | null;
		contained: string;
		resources: RunResources | null;
		drift: DriftNote | null;
		usage_today: Usage;
		missing_model: string | null;
	}[],
	output: Output,
): void {
	sayTable(
		output,
		['AGENT', 'STATE', 'DRIVER', 'ROLE', 'TASK', 'MEMORY', 'CPU', 'USED TODAY', 'CONTAINMENT'],
		agents.map(({ id, state, driver, role, task_id, resources, usage_today: today, contained }) => [
			id,
			state,
			driver,
			role,
			task_id ?? '-',
			resources === null ? '-' : formatBytes(resources.memory_bytes),
			resources === null ? '-' : `${resources.cpu_percent} %`,
			today.turns === 0 ? '-' : describeUsage(today),
			contained || '-',
		]),
		'No agents. Add one with: dreamos agent add PRESET',
	);
	for (const { id, missing_model: missing, drift } of agents) {
		const drifts = shownDrift(drift);
		if (drifts !== undefined) {
			output.say(`${id} drifts: ${drifts}.`);
		}
		if (missing !== null) {
			output.say(`${id} gets no task: ${missing}.`);
		}
	}
}

export function agentPresets(presets: readonly FoundPreset[], output: Output): void {
	sayTable(
		output,
		['PRESET', 'NAME', 'VERSION', 'PROGRAM'],
		presets.map(({ id, name, version, path, problem, models }) => [
			id,
			name,
			path === null || models !== undefined ? '-' : (version ?? 'unknown'),
			problem ?? models?.map(({ model }) => model).join(', ') ?? path ?? '',
		]),
		'No agents are known.',
	);
}

export function addedAgent(
	{ agent, problem }: { readonly agent: Agent; readonly problem: string | null },
	output: Output,
): void {
	const what = agent.command?.join(' ') ?? describeWish(agent.model);
	output.say(`${agent.id} is in runtime/agents.json: ${what}`);
	if (problem !== null) {
		output.say(problem);
	}
	output.say(`Try it with: dreamos agent check ${agent.id}`);
}

export function agentCheck(check: AgentCheck & { readonly agent_id: string }, output: Output): void {
	output.say(
		`${check.agent_id}${check.agent === '' ? '' : ` (${check.agent})`} ${describeCheck({ ...check, agent: '' })}`,
	);
	table(
		check.steps.map(({ step, verdict, text, milliseconds }) => [
			verdict === 'passed' ? 'ok' : verdict.toUpperCase(),
			step,
			verdict === 'skipped' ? '' : `${(milliseconds / 1000).toFixed(1)} s`,
			text,
		]),
	).forEach(output.say);
	for (const { name, command } of check.login) {
		output.say(command === null ? `Log in: ${name}` : `Log in: ${name}: ${command.join(' ')}`);
	}
}
