// Owns the ways in which a run with a language model of the editor can fail by itself. What the editor says of its models comes as it is
// from the port.

import type { DreamError } from '../../base/errors.ts';
import type { DriverJob } from '../../core/driver/driver.ts';
import { driverError } from '../driverFailure.ts';

const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;

export function noPort({ agent }: Pick<DriverJob, 'agent'>): DreamError {
	return driverError('model.notServed', `${agent.id} cannot work here: nobody asks the editor's models for it.`);
}

export function saidNothing({ agent }: Pick<DriverJob, 'agent'>): DreamError {
	return driverError(
		'agent.silent',
		`${agent.id} ended its turn without a word and without using a tool, which often hides an error of its model service.`,
		{ advice: 'Try the model in the chat of the editor.', isTransient: true },
	);
}

export function tooManyRequests({ agent }: Pick<DriverJob, 'agent'>, limit: number): DreamError {
	return driverError('agent.limit', `${agent.id} asked its model ${limit} times and was not done.`, {
		advice: `Split the task into smaller ones, or raise "limits.model_requests" of ${agent.id}.`,
	});
}

export function fellSilent({ agent }: Pick<DriverJob, 'agent'>, milliseconds: number): DreamError {
	return driverError(
		'agent.timeout',
		`Nothing was heard of the model of ${agent.id} for ${seconds(milliseconds)} s while it was to answer.`,
		{
			advice: 'Look whether the editor asks for something. If the model only thinks long, raise dreamos.agents.silenceTimeoutSeconds.',
			isTransient: true,
		},
	);
}

export function timedOut({ agent }: Pick<DriverJob, 'agent'>, milliseconds: number): DreamError {
	return driverError(
		'agent.timeout',
		`${agent.id} was not done after ${seconds(milliseconds)} s, the longest time for one try.`,
		{
			advice: 'Raise dreamos.agents.turnTimeoutSeconds or the limits of the agent, or split the task.',
			isTransient: true,
		},
	);
}
