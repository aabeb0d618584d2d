// Owns what the editor's refusals mean: one code each, a reason a person can read, and the next step. Pure: errors are known by their
// names, so that it is tested without an editor.

import { DreamError, isDreamError, toError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import { holdsBack, isNotReached } from '../../core/recovery/serviceWords.ts';

interface NamedModel {
	readonly vendor: string;
	readonly id: string;
	readonly name: string;
}

/** The failure of a request to a model, whatever was thrown. */
export function modelFailure(error: unknown, model: NamedModel): DreamError {
	if (isDreamError(error)) {
		return error;
	}
	const who = `${displayLine(model.name, 80)} (${displayLine(`${model.vendor}/${model.id}`, 120)})`;
	const said = displayLine(saidBy(error), 500);
	switch (codeOf(error)) {
		case 'NoPermissions':
			return failure('model.noPermission', `Dream.OS may not use ${who}: ${said}.`, {
				advice: 'Allow it in the editor, with Manage Language Model Access in the menu of your account; then check the agent.',
			});
		case 'Blocked':
			return failure('model.blocked', `The editor blocks Dream.OS from using ${who}: ${said}.`, {
				advice: 'Look whether your plan or your organization allows it, or whether its quota is used up; then check the agent.',
			});
		case 'NotFound':
			return failure('model.notFound', `The editor has no ${who} any more: ${said}.`, {
				advice: 'Correct "model" of the agent in runtime/agents.json, or leave it out for any model.',
			});
		default:
			if (isNotReached.test(said) && !holdsBack.test(said)) {
				return failure('model.network', `The service of ${who} was not reached: ${said}.`, {
					advice: 'Look whether this machine is online, and whether its service is.',
					isTransient: true,
				});
			}
			return holdsBack.test(said)
				? failure('model.rateLimited', `${who} is held back by its service: ${said}.`, {
						advice: 'Wait a while, or give the task to an agent with another model.',
						isTransient: true,
					})
				: failure('model.failed', `${who} did not answer: ${said}.`, {
						advice: 'Try the model in the chat of the editor.',
						isTransient: true,
					});
	}
}

const failure = (
	code: `model.${string}`,
	message: string,
	{ advice, isTransient = false }: { readonly advice: string; readonly isTransient?: boolean },
): DreamError => new DreamError(code, message.replace(/\.\.$/u, '.'), { advice, details: { isTransient } });

/** The editor's own errors have a code; those of a provider come with whatever it threw. */
function codeOf(error: unknown): string {
	const { code } = (error ?? {}) as { readonly code?: unknown };
	return typeof code === 'string' ? code : '';
}

function saidBy(error: unknown): string {
	const { message, cause } = toError(error);
	const inner = cause === undefined ? '' : toError(cause).message;
	return (
		[message, inner].filter((text, index, all) => text !== '' && all.indexOf(text) === index).join(': ') ||
		'no reason was given'
	);
}
