// Owns how answers about agents read for a person.

import { formatBytes } from '../base/words.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { AgentCheck } from '../core/agent/agentCheck.ts';
import { describeCheck } from '../core/agent/describeCheck.ts';
import type { FoundPreset } from '../core/agent/lookForPresets.ts';
import type { RunResources } from '../core/run/runResources.ts';
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
	}[],
	output: Output,
): void {
	sayTable(
		output,
		['AGENT', 'STATE', 'DRIVER', 'ROLE', 'TASK', 'MEMORY', 'CPU', 'CONTAINMENT'],
		agents.map(({ id, state, driver, role, task_id, resources, contained }) => [
			id,
			state,
			driver,
			role,
			task_id ?? '-',
			resources === null ? '-' : formatBytes(resources.memory_bytes),
			resources === null ? '-' : `${resources.cpu_percent} %`,
			contained || '-',
		]),
		'No agents. Add one with: dreamos agent add PRESET',
	);
}

export function agentPresets(presets: readonly FoundPreset[], output: Output): void {
	sayTable(
		output,
		['PRESET', 'NAME', 'VERSION', 'PROGRAM'],
		presets.map(({ id, name, version, path, problem }) => [
			id,
			name,
			path === null ? '-' : (version ?? 'unknown'),
			problem ?? path ?? '',
		]),
		'No agents are known.',
	);
}

export function addedAgent(
	{ agent, problem }: { readonly agent: Agent; readonly problem: string | null },
	output: Output,
): void {
	output.say(`${agent.id} is in runtime/agents.json: ${(agent.command ?? []).join(' ')}`);
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
