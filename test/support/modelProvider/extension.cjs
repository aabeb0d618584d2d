// Owns an extension that provides a language model to the editor under test: it does what the first message asks of it in a line
// `WRITE path: text`, by the tools it is given, and never talks to anybody.
'use strict';

const vscode = require('vscode');

const information = {
	id: 'scripted-1',
	name: 'Scripted',
	family: 'scripted',
	version: '1',
	maxInputTokens: 100_000,
	maxOutputTokens: 10_000,
	capabilities: { toolCalling: true },
};

/**
 * @param {readonly vscode.LanguageModelChatRequestMessage[]} messages
 * @returns {{ name: string, input: object }}
 */
function nextStep(messages) {
	const text = messages
		.flatMap(({ content }) => content)
		.filter((part) => part instanceof vscode.LanguageModelTextPart)
		.map(({ value }) => value)
		.join('\n');
	const turns = messages.filter(({ role }) => role === vscode.LanguageModelChatMessageRole.Assistant).length;
	const [, path, words] = /WRITE (\S+): (.*)/.exec(text) ?? [];
	if (turns > 0 || path === undefined) {
		return { name: 'run_finish', input: { summary: `Wrote ${path}.` } };
	}
	return { name: 'write_file', input: { path, content: `${words}\n` } };
}

exports.activate = (/** @type {vscode.ExtensionContext} */ context) => {
	let calls = 0;
	context.subscriptions.push(
		vscode.lm.registerLanguageModelChatProvider('dreamos-test', {
			provideLanguageModelChatInformation: async () => [information],
			async provideLanguageModelChatResponse(_model, messages, options, progress) {
				const { name, input } = nextStep(messages);
				if (!options.tools?.some((tool) => tool.name === name)) {
					throw new Error(`There is no tool ${name}.`);
				}
				calls += 1;
				progress.report(new vscode.LanguageModelTextPart('I use '));
				progress.report(new vscode.LanguageModelTextPart(`${name}.`));
				progress.report(new vscode.LanguageModelToolCallPart(`call-${calls}`, name, input));
			},
			provideTokenCount: async (_model, text) => JSON.stringify(text).length,
		}),
	);
};
